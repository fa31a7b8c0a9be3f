// Matrices in files: every format gives back what was written, NumPy and h5py agree, and a broken file is told apart by place.
#include "sim/matrix_file.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "sim/csv_table.hpp"
#include "sim/error.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/python.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

Block<double> sample() {
  Block<double> values(2, 3);
  values << 1e-6, 1.0 / 3.0, -2.5e300, 0.0, 5e-324, 7;
  return values;
}

Block<double> read_text(const std::string& text) {
  const Folder folder;
  return read_matrix(folder.file("g.csv", text));
}

Block<double> rows(std::initializer_list<std::initializer_list<double>> values) {
  Block<double> result(static_cast<Index>(values.size()), static_cast<Index>(values.begin()->size()));
  Index k = 0;
  for (const auto& row : values)
    for (const double value : row) result.data()[k++] = value;
  return result;
}

std::string error_of(const std::string& spec) {
  try {
    read_matrix(spec);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

/// The message about a CSV file with this text, from the place on.
std::string csv_error(const std::string& text) {
  const Folder folder;
  const std::string message = error_of(folder.file("g.csv", text));
  return message.substr(std::min(message.find("g.csv"), message.size()));
}

void write_bytes(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string npy(const std::string& header, const std::string& numbers) {
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + std::string(1, '\0') + header + numbers;
}

}  // namespace

TEST_CASE("a matrix comes back bit for bit from every kind of file", "[sim][matrix]") {
  const Folder folder;
  for (const std::string name : {"g.csv", "g.txt", "g.npy", "g.NPY", "g.h5:/g", "g.h5:deep/er/g", "other.hdf5:/g"}) {
    INFO(name);
    write_matrix(folder.file(name), sample(), "conductance", "S");
    CHECK(read_matrix(folder.file(name)) == sample());
  }
}

TEST_CASE("name and unit go with the matrix where the format has a place for them", "[sim][matrix]") {
  const Folder folder;
  for (const std::string name : {"g.csv", "g.h5:/g"}) {
    INFO(name);
    write_matrix(folder.file(name), sample(), "conductance", "S");
    const NamedMatrix back = read_named_matrix(folder.file(name));
    CHECK(back.name == "conductance");
    CHECK(back.unit == "S");
  }
}

TEST_CASE("writing a dataset keeps the others of the file and replaces its own", "[sim][matrix]") {
  const Folder folder;
  const std::string file = folder.file("g.h5");
  write_matrix(file + ":/a", sample(), "a", "S");
  write_matrix(file + ":/b", sample(), "b", "S");
  write_matrix(file + ":/a", rows({{4}}), "a", "S");
  CHECK(read_matrix(file + ":/a") == rows({{4}}));
  CHECK(read_matrix(file + ":/b") == sample());
}

TEST_CASE("delimited text is read with any separator, header, comments and suffixes", "[sim][matrix]") {
  const Block<double> expected = rows({{1e-6, 2e3}, {-3, 4}});
  for (const std::string text : {"1u,2k\n-3,4\n", "1e-6;2000\n-3;4", "1e-6\t2e3\r\n-3\t4\r\n", "  1u   2k\n -3 4 \n", "a,b\n1u,2k\n-3,4\n",
                                 "# by hand\n\n1u, 2k  # first\n% second\n-3, 4\n", "\xEF\xBB\xBFg [S],r (Ohm)\n1uS,2kOhm\n-3,+4\n",
                                 "\"1e-6\",\"2e3\"\n\"-3\",4\n"}) {
    INFO(text);
    CHECK(read_text(text) == expected);
  }
}

TEST_CASE("a table's columns have names and units, from a header or from the comment NumPy makes of it", "[sim][matrix]") {
  const Folder folder;
  for (const std::string text : {"v [V],i (uA)\n1,2\n", "# v [V],i (uA)\n1,2\n"}) {
    const CsvTable table = read_csv(folder.file("iv.csv", text));
    REQUIRE(table.header.size() == 2);
    CHECK(table.header[0].name == "v");
    CHECK(table.header[0].unit == "V");
    CHECK(table.header[1].name == "i");
    CHECK(table.header[1].unit == "uA");
    CHECK(table.lines == std::vector<int>{2});
  }
}

TEST_CASE("what is wrong with a text is told with line and column", "[sim][matrix]") {
  CHECK(csv_error("1,2\n3\n") == "g.csv:2:1: 1 value in this row, but 2 in line 1");
  CHECK(csv_error("a,b\n3\n") == "g.csv:2:1: 1 value in this row, but 2 in the header");
  CHECK(csv_error("1,2\n3,4,5\n") == "g.csv:2:5: 3 values in this row, but 2 in line 1");
  CHECK(csv_error("1,2\n3, nan\n") == "g.csv:2:4: 'nan': every value must be finite");
  CHECK(csv_error("nan,nan\n") == "g.csv:1:1: 'nan': every value must be finite");
  CHECK(csv_error("1,2\n3,-inf\n") == "g.csv:2:3: '-inf': every value must be finite");
  CHECK(csv_error("1,2\n3,high\n") == "g.csv:2:3: 'high' is not a number; numbers are written 4.7e-6 or 4.7u");
  CHECK(csv_error("1,2,\n") == "g.csv:1:5: an empty cell; every row needs a number in every column");
  CHECK(csv_error("1,5;2,5\n") == "g.csv:1:1: '1,5' is not a number; write a decimal point, 1.5 and not 1,5");
  CHECK(csv_error("1,\"\xC2\xB5\",x\n") == "g.csv:1:4: '\xC2\xB5' is not a number; numbers are written 4.7e-6 or 4.7u");
  CHECK(csv_error("# nothing\n") == "g.csv: no row of numbers; expected is one row a line, such as 1e-6, 2e-6");
  CHECK(csv_error("1,1e400\n").starts_with("g.csv:1:3: '1e400' is not a number"));
}

TEST_CASE("a file that is not there or of no known kind is an error", "[sim][matrix]") {
  const Folder folder;
  CHECK_THAT(error_of("nowhere.csv"), Catch::Contains("'nowhere.csv' does not exist"));
  CHECK_THAT(error_of("nowhere.npy"), Catch::Contains("does not exist"));
  CHECK_THAT(error_of("nowhere.h5:/g"), Catch::Contains("'nowhere.h5' does not exist"));
  CHECK_THAT(error_of("g.mat"), Catch::Contains("FILE.csv") && Catch::Contains("FILE.npy") && Catch::Contains("FILE.h5:/path/of/dataset"));
  std::filesystem::create_directory(folder.file("d.csv"));
  CHECK_THAT(error_of(folder.file("d.csv")), Catch::Contains("is a folder"));
  CHECK_THROWS_AS(write_matrix(folder.file("no/such/folder.csv"), sample(), "g", "S"), Error);
  CHECK_THROWS_AS(write_matrix(folder.file("no/such/folder.npy"), sample(), "g", "S"), Error);
  CHECK_THROWS_AS(write_matrix(folder.file("no/such/folder.h5:/g"), sample(), "g", "S"), Error);
}

TEST_CASE("a broken npy file is told apart", "[sim][matrix]") {
  const Folder folder;
  const std::string path = folder.file("g.npy"), whole = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }";
  const auto error = [&](const std::string& bytes) {
    write_bytes(path, bytes);
    return error_of(path);
  };
  CHECK_THAT(error("1,2,3"), Catch::Contains("not an npy file"));
  CHECK_THAT(error(npy(whole, std::string(9, 'x'))), Catch::Contains("need 16 bytes behind the header, but there are 9: the file is truncated"));
  CHECK_THAT(error(npy(whole, std::string(17, 'x'))), Catch::Contains("but there are 17"));
  CHECK_THAT(error(npy(whole, "").substr(0, 30)), Catch::Contains("truncated: the header"));
  CHECK_THAT(error(npy("{'descr': '>f8', 'fortran_order': False, 'shape': (1,)}", "")), Catch::Contains("'>f8' are not read; save with"));
  CHECK_THAT(error(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 3)}", "")), Catch::Contains("has 3 dimensions"));
  CHECK_THAT(error(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2)}", "")), Catch::Contains("is empty"));
  CHECK_THAT(error(npy("{'descr': '<f8', 'shape': (0, 2)}", "")), Catch::Contains("no readable 'fortran_order'"));
  CHECK_THAT(error(npy("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999999, 999999999999999)}", "")), Catch::Contains("no file can hold"));
  CHECK_THAT(error(npy(whole, std::string(14, '\0') + "\xf0\x7f")), Catch::Contains("row 0, column 1 (both from 0) is inf"));
}

TEST_CASE("what is wrong with a dataset is told with what there is", "[sim][matrix]") {
  const Folder folder;
  const std::string file = folder.file("g.h5");
  write_matrix(file + ":/layer1/conductance", sample(), "g", "S");
  CHECK_THAT(error_of(file + ":/layer1/condutance"), Catch::Contains("no such dataset; did you mean 'layer1/conductance'?"));
  CHECK_THAT(error_of(file + ":/weights"), Catch::Contains("no such dataset; there is /layer1/conductance"));
  CHECK_THAT(error_of(file + ":/layer1"), Catch::Contains("is a group"));
  CHECK_THAT(error_of(file), Catch::Contains("name the dataset behind a colon; there is /layer1/conductance"));
  CHECK_THAT(error_of(folder.file("text.h5", "1,2") + ":/g"), Catch::Contains("is not an HDF5 file"));
  CHECK_THROWS_WITH(write_matrix(folder.file("text.h5") + ":/g", sample(), "g", "S"), Catch::Contains("it is left alone"));
  CHECK_THROWS_WITH(write_matrix(file + ":/layer1", sample(), "g", "S"), Catch::Contains("is a group"));
  Block<double> bad = sample();
  bad(1, 2) = std::nan("");
  write_matrix(file + ":/bad", bad, "g", "S");
  CHECK_THAT(error_of(file + ":/bad"), Catch::Contains("row 1, column 2 (both from 0) is nan"));
}

TEST_CASE("NumPy and h5py write what is read and read what is written", "[sim][matrix]") {
  if (!have_python("numpy, h5py")) return;
  const Folder folder;
  const std::string enter = "import os, numpy as np, h5py; os.chdir('" + folder.path.string() + "')\n";
  CHECK(run_python(enter + R"(
a = np.arange(6).reshape(2, 3)
f = h5py.File('all.h5', 'w')
for t in 'f8 f4 i8 i4 i2 i1 u8 u4 u2 u1'.split():
    np.save(t + '.npy', a.astype(t)); f[t] = a.astype(t)
f['be'] = a.astype('>f4')
np.save('fortran.npy', np.asfortranarray(a.astype(float)))
np.save('row.npy', a[1].astype(float)); f['row'] = a[1]
with open('v2.npy', 'wb') as o: np.lib.format.write_array(o, a, version=(2, 0))
np.savetxt('a.csv', a, delimiter=','); np.savetxt('b.txt', a)
np.save('complex.npy', a + 1j); f['complex'] = a + 1j; f['cube'] = np.zeros((2, 2, 2)); f['text'] = 'no'
)") == "");
  const Block<double> expected = rows({{0, 1, 2}, {3, 4, 5}});
  for (const std::string t : {"f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"}) {
    INFO(t);
    CHECK(read_matrix(folder.file(t + ".npy")) == expected);
    CHECK(read_matrix(folder.file("all.h5:/" + t)) == expected);
  }
  for (const std::string name : {"fortran.npy", "v2.npy", "a.csv", "b.txt", "all.h5:be"}) CHECK(read_matrix(folder.file(name)) == expected);
  for (const std::string name : {"row.npy", "all.h5:/row"}) CHECK(read_matrix(folder.file(name)) == rows({{3, 4, 5}}));
  CHECK_THAT(error_of(folder.file("complex.npy")), Catch::Contains("'<c16' are not read"));
  CHECK_THAT(error_of(folder.file("all.h5:/complex")), Catch::Contains("complex numbers"));
  CHECK_THAT(error_of(folder.file("all.h5:/cube")), Catch::Contains("has 3 dimensions"));
  CHECK_THAT(error_of(folder.file("all.h5:/text")), Catch::Contains("holds texts"));
  for (const std::string name : {"mine.npy", "mine.csv", "mine.h5:/g"}) write_matrix(folder.file(name), sample(), "conductance", "S");
  CHECK(run_python(enter + R"(
a = np.array([[1e-6, 1/3, -2.5e300], [0, 5e-324, 7]])
m = np.load('mine.npy'); f = h5py.File('mine.h5')['g']
print((m == a).all(), m.dtype, m.flags.c_contiguous, (np.loadtxt('mine.csv', delimiter=',') == a).all())
print((f[:] == a).all(), f.attrs['units'], f.attrs['long_name'])
)") == "True float64 True True\nTrue S conductance\n");
}
