// Data read from files: small ones written here, whole and broken.
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "sim/matrix_file.hpp"
#include "tests/learning/task_deck.hpp"
#include "tests/support/folder.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::string write_bytes(const Folder& folder, const std::string& name, const Bytes& bytes) {
  std::ofstream(folder.path / name, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return folder.path / name;
}

std::string write_packed(const Folder& folder, const std::string& name, const Bytes& bytes) {
  const std::string path = folder.path / name;
  const gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size()));
  gzclose(file);
  return path;
}

/// Header and values of unsigned bytes.
Bytes idx(const std::vector<std::uint32_t>& shape, const Bytes& values) {
  Bytes bytes{0, 0, 8, static_cast<std::uint8_t>(shape.size())};
  for (const std::uint32_t n : shape)
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(n >> shift));
  bytes.insert(bytes.end(), values.begin(), values.end());
  return bytes;
}

/// Three images of 2 x 2.
const Bytes images = idx({3, 2, 2}, {0, 51, 102, 255, 1, 2, 3, 4, 255, 254, 253, 252});
const Bytes labels = idx({3}, {1, 0, 2});

std::string quoted(const std::string& path) { return "\"" + path + "\""; }

void check_images(const DataSet& data) {
  CHECK(data.features() == 4);
  CHECK(data.classes == std::vector<std::string>{"0", "1", "2"});
  CHECK(data.train.labels == std::vector<int>{1, 0, 2});
  Eigen::MatrixXd wanted(4, 3);
  wanted << 0, 1, 255, 51, 2, 254, 102, 3, 253, 255, 4, 252;
  CHECK((255.0 * data.train.inputs - wanted).cwiseAbs().maxCoeff() < 1e-13);
  CHECK(data.train.targets.col(0) == Eigen::Vector3d(0, 1, 0));
}

}  // namespace

TEST_CASE("IDX images are read plain and packed, whatever their names", "[task][files]") {
  const Folder folder;
  check_images(data_of("idx images=" + quoted(write_bytes(folder, "Images", images)) + " labels=" + quoted(write_bytes(folder, "Labels", labels))));
  check_images(data_of("idx images=" + quoted(write_packed(folder, "packed", images)) + " labels=" + quoted(write_packed(folder, "packed.labels", labels))));
}

TEST_CASE("IDX test files are held out, as many as asked for", "[task][files]") {
  const Folder folder;
  const std::string both = "images=" + write_bytes(folder, "a", images) + " labels=" + write_bytes(folder, "b", labels) + " test_images=" + write_bytes(folder, "c", images) +
                           " test_labels=" + write_bytes(folder, "d", labels);
  CHECK(data_of("idx " + both).held_out.count() == 3);
  const DataSet few = data_of("idx limit=1 held_out=2 " + both);
  CHECK(few.train.count() == 1);
  CHECK(few.held_out.count() == 2);
  CHECK(few.held_out.targets.cols() == 2);
  const DataSet chosen = data_of("idx classes=2,1 " + both);
  CHECK(chosen.train.count() == 2);
  CHECK(chosen.held_out.labels == std::vector<int>{1, 0});
}

TEST_CASE("a broken IDX file is told apart by its byte", "[task][files]") {
  const Folder folder;
  const std::string good = write_bytes(folder, "good", images), names = write_bytes(folder, "names", labels);
  const auto error = [&](const Bytes& bytes) { return task_error("idx images=" + write_bytes(folder, "broken", bytes) + " labels=" + names); };
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    Bytes bytes = images;
    bytes[at] = value;
    return bytes;
  };
  CHECK(has(error(changed(0, 0x89)), "broken: byte 0: it begins with 89 00"));
  CHECK(has(error(changed(2, 0x0d)), "broken: byte 2: values are of type 0x0d"));
  CHECK(has(error(labels), "broken: byte 3: 1 dimension, but images have 2 or more; is this the file of the labels?"));
  CHECK(has(error(Bytes(images.begin(), images.begin() + 3)), "broken: byte 3: the file ends before its header"));
  CHECK(has(error(Bytes(images.begin(), images.begin() + 10)), "broken: byte 10: the file ends within its header of 16 bytes"));
  CHECK(has(error(Bytes(images.begin(), images.end() - 1)), "broken: byte 27: the file ends here, but 3 items of 4 bytes behind a header of 16 make 28 bytes"));
  CHECK(has(error(changed(8, 0xff)), "broken: byte 8: a dimension of 4278190082"));
  CHECK(has(error(idx({2, 2, 2}, Bytes(8, 0))), "has 3 labels, but"));
  CHECK(has(task_error("idx images=" + good + " labels=" + good), "byte 3: 3 dimensions, but labels have 1"));
  CHECK(has(task_error("idx images=" + good), "labels= is missing: which file?"));
  CHECK(has(task_error("idx images=" + good + " labels=nowhere"), "'nowhere' does not exist"));
  CHECK(has(task_error("idx images=" + good + " labels=" + names + " test_images=" + good), "belong together"));
}

TEST_CASE("a gzip file cut off says so", "[task][files]") {
  const Folder folder;
  Bytes many(20'000);
  for (std::size_t k = 0; k < many.size(); ++k) many[k] = static_cast<std::uint8_t>(k * k * 2654435761u >> 13);
  const std::string whole = write_packed(folder, "whole.gz", idx({200, 10, 10}, many)), names = write_bytes(folder, "names", idx({200}, Bytes(200, 1)));
  std::filesystem::resize_file(whole, std::filesystem::file_size(whole) / 2);
  CHECK(has(task_error("idx images=" + whole + " labels=" + names), "the gzip packing is broken or cut off behind byte"));
}

TEST_CASE("a missing file of Debian's data sets names its package", "[task][files]") {
  const Folder folder;
  const std::string text = task_error("idx images=/usr/share/datasets/fashion-mnist/no-such-file.gz labels=" + write_bytes(folder, "names", labels));
  CHECK(has(text, "apt install dataset-fashion-mnist"));
}

TEST_CASE("Fashion-MNIST is read from where Debian puts it", "[task][files]") {
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz")) {
    CHECK(has(task_error("fashion_mnist"), "apt install dataset-fashion-mnist"));
    return;
  }
  TaskDeck deck(".task fashion_mnist limit=100 held_out=50");
  const auto outline = task_outline(deck.netlist, deck.diagnostics);
  REQUIRE(outline);
  CHECK(outline->samples == 60'000);
  CHECK(outline->features() == 784);
  const DataSet data = data_of("fashion_mnist limit=100 held_out=50");
  CHECK(data.train.count() == 100);
  CHECK(data.held_out.count() == 50);
  CHECK(data.train.inputs.maxCoeff() == 1.0);
  CHECK(data.train.inputs.minCoeff() == 0.0);
  CHECK(std::llround(255.0 * data.train.inputs.sum()) == 5688570);     // sum of the bytes by Python's gzip module
  CHECK(std::llround(255.0 * data.held_out.inputs.sum()) == 2729896);  // the same
  CHECK(std::count(data.train.labels.begin(), data.train.labels.end(), 3) == 15);
  CHECK(data.classes.at(static_cast<std::size_t>(data.train.labels[0])) == "Ankle boot");  // first image, figure 1 of arXiv:1708.07747's repository
}

TEST_CASE("CIFAR records are read from several files", "[task][files]") {
  const Folder folder;
  Bytes first(2 * 3073, 0), second(3073, 51);
  first[0] = 3, first[1] = 255, first[3073] = 9, first[2 * 3073 - 1] = 102;
  second[0] = 7;
  const std::string files = write_bytes(folder, "A.bin", first) + "," + write_packed(folder, "B.bin.gz", second);
  const DataSet data = data_of("cifar files=" + files + " test_files=" + write_bytes(folder, "T.bin", second));
  CHECK(data.train.labels == std::vector<int>{3, 9, 7});
  CHECK(data.classes.at(3) == "cat");
  CHECK(data.train.inputs(0, 0) == 1.0);
  CHECK(data.train.inputs(3071, 1) == Approx(0.4).epsilon(1e-15));
  CHECK(data.train.inputs.col(2) == Eigen::VectorXd::Constant(3072, 51.0 / 255.0));
  CHECK(data.held_out.labels == std::vector<int>{7});
  CHECK(data_of("cifar limit=1 files=" + files).train.count() == 1);
}

TEST_CASE("CIFAR-100 has two labels a record, of which one is chosen", "[task][files]") {
  const Folder folder;
  Bytes record(3074, 0);
  record[0] = 12, record[1] = 77;
  const std::string file = write_bytes(folder, "train.bin", record);
  CHECK(data_of("cifar kind=cifar100 files=" + file).train.labels == std::vector<int>{77});
  const DataSet coarse = data_of("cifar kind=cifar100 level=coarse files=" + file);
  CHECK(coarse.train.labels == std::vector<int>{12});
  CHECK(coarse.classes.size() == 20);
  CHECK(has(task_error("cifar files=" + file), "3074 bytes are no whole number of records of 3073 bytes (1 of label, 3072 of pixels); it fits CIFAR-100: write kind=cifar100"));
  record[1] = 100;
  CHECK(has(task_error("cifar kind=cifar100 files=" + write_bytes(folder, "train.bin", record)), "train.bin: byte 1: label 100 of 100 classes"));
  CHECK(has(task_error("cifar level=coarse files=" + file), "level= belongs to kind=cifar100"));
  CHECK(has(task_error("cifar files=" + write_bytes(folder, "empty.bin", {})), "empty.bin: 0 bytes are no whole number of records"));
  CHECK(has(task_error("cifar kind=cifar100 files=" + write_bytes(folder, "ten.bin", Bytes(3073, 0))), "it fits CIFAR-10: write kind=cifar10"));
}

TEST_CASE("a table of text is read with its names and classes", "[task][files]") {
  const Folder folder;
  const std::string file = folder.file("Flowers.csv", "# measured\nLength,Width,Species,Id\n5.1,3.5,\"setosa\",a\n\n4.9, 3.0, virginica,b\n6u,1k,setosa,c\n");
  const DataSet data = data_of("csv file=" + quoted(file) + " inputs=width,length labels=species");
  CHECK(data.input_names == std::vector<std::string>{"Width", "Length"});
  CHECK(data.classes == std::vector<std::string>{"setosa", "virginica"});
  CHECK(data.train.labels == std::vector<int>{0, 1, 0});
  Eigen::MatrixXd wanted(2, 3);
  wanted << 3.5, 3.0, 1e3, 5.1, 4.9, 6e-6;
  CHECK((data.train.inputs - wanted).cwiseAbs().maxCoeff() < 1e-15 * 1e3);
  const DataSet numbers = data_of("csv file=" + quoted(file) + " inputs=0 targets=1");
  CHECK(numbers.train.targets(0, 2) == Approx(1e3).epsilon(1e-15));
  CHECK(numbers.target_names == std::vector<std::string>{"Width"});
}

TEST_CASE("a table without a header has its columns by number, and classes that are numbers in their order", "[task][files]") {
  const Folder folder;
  const std::string file = folder.file("t.csv", "10;1;2;3\n9;4;5;6\n10;7;8;9\n");
  const DataSet data = data_of("csv file=" + file + " labels=0");
  CHECK(data.features() == 3);
  CHECK(data.classes == std::vector<std::string>{"9", "10"});
  CHECK(data.train.labels == std::vector<int>{1, 0, 1});
  CHECK(data.train.inputs.col(1) == Eigen::Vector3d(4, 5, 6));
  const DataSet range = data_of("csv file=" + file + " inputs=1:2 targets=0,3");
  CHECK(range.train.targets.col(0) == Eigen::Vector2d(10, 3));
  CHECK(range.train.inputs.col(2) == Eigen::Vector2d(7, 8));
  CHECK(data_of("csv header=yes file=" + file + " labels=10").train.count() == 2);
}

TEST_CASE("tabs and blanks separate, too", "[task][files]") {
  const Folder folder;
  for (const char* text : {"1\t2\ta\n3\t4\tb\n", "1 2   a\n 3 4 b\n"}) {
    const DataSet data = data_of("csv labels=2 file=" + folder.file("t.txt", text));
    CHECK(data.train.inputs.col(1) == Eigen::Vector2d(3, 4));
    CHECK(data.train.labels == std::vector<int>{0, 1});
  }
}

TEST_CASE("a mistake in a table is told by line and column", "[task][files]") {
  const Folder folder;
  const auto error = [&](const std::string& text, const std::string& options) { return task_error("csv file=" + folder.file("t.csv", text) + " " + options); };
  CHECK(has(error("a,b,c\n1,2,x\n3,?,y\n", "labels=c"), "t.csv:3:3: '?' is not a number"));
  CHECK(has(error("a,b,c\n1,2,x\n3,y\n", "labels=c"), "t.csv:3:3: 2 values in this row, but 3 in line 1"));
  CHECK(has(error("a,b,c\n1,2,\n", "labels=c"), "t.csv:2:5: an empty cell; every row needs a class"));
  CHECK(has(error("a;b\n1,5;2\n", "targets=b"), "t.csv:2:1: '1,5' is not a number; write a decimal point"));
  CHECK(has(error("a,b\n1,inf\n", "targets=b"), "t.csv:2:3: 'inf': every value must be finite"));
  CHECK(has(error("a,b\n", "targets=b"), "no sample"));
  CHECK(has(error("alpha,beta\n1,2\n", "targets=bta"), "no column 'bta'; the file has alpha, beta; did you mean 'beta'?"));
  CHECK(has(error("1,2\n", "targets=y"), "no column 'y': the file has no header; its 2 columns are counted from 0"));
  CHECK(has(error("1,2\n", "targets=2"), "no column 2; the file has 2 columns, counted from 0"));
  CHECK(has(error("a,b\n1,2\n", "targets=b inputs=0:1"), "column 1 (b) is asked for twice"));
  CHECK(has(error("a,b\n1,2\n", ""), "one of targets="));
  CHECK(has(error("a\n1\n", "labels=a"), "no column is left for the inputs"));
  CHECK(has(error("1,a\nb,2\n", "inputs=0 labels=1"), "t.csv:2:1: 'b' is not a number"));
}

TEST_CASE("datasets of an HDF5 file are samples by features", "[task][files]") {
  const Folder folder;
  const std::string file = folder.path / "Data.h5";
  Block<double> x(3, 2), y(1, 3), test(1, 2), many(3, 2);
  x << 1, 2, 3, 4, 5, 6;
  y << 0, 2, 1;
  test << 7, 8;
  many << 10, 20, 30, 40, 50, 60;
  write_matrix(file + ":/train/x", x, "x", "1");
  write_matrix(file + ":/train/label", y, "label", "1");
  write_matrix(file + ":/test/x", test, "x", "1");
  write_matrix(file + ":/test/label", Block<double>::Constant(1, 1, 2.0), "label", "1");
  write_matrix(file + ":/train/y", many, "y", "1");
  const std::string inputs = "hdf5 file=" + quoted(file) + " inputs=/train/x";
  const DataSet data = data_of(inputs + " labels=train/label test_inputs=/test/x test_labels=/test/label");
  CHECK(data.train.inputs.col(1) == Eigen::Vector2d(3, 4));
  CHECK(data.train.labels == std::vector<int>{0, 2, 1});
  CHECK(data.classes.size() == 3);
  CHECK(data.held_out.inputs == Eigen::Vector2d(7, 8));
  CHECK(data.held_out.labels == std::vector<int>{2});
  const DataSet numbers = data_of(inputs + " targets=/train/y");
  CHECK(numbers.train.targets.col(2) == Eigen::Vector2d(50, 60));
  CHECK(data_of(inputs + " targets=/train/label").train.targets.row(0) == Eigen::RowVector3d(0, 2, 1));
  CHECK(has(task_error(inputs + " labels=/train/lable"), "no such dataset; did you mean 'train/label'?"));
  CHECK(has(task_error(inputs + " targets=/test/x"), "has 2 samples, but"));
  CHECK(has(task_error(inputs), "one of targets="));
  CHECK(has(task_error("hdf5 inputs=/x labels=/y file=" + folder.file("t.csv", "1,2\n")), "the name of an HDF5 file ends in .h5"));
  CHECK(has(task_error("hdf5 file=nowhere.h5 inputs=/x labels=/y"), "'nowhere.h5' does not exist"));
}

TEST_CASE("a file is looked for beside the deck", "[task][files]") {
  const Folder folder;
  folder.file("Near.csv", "1,2\n3,4\n");
  TaskDeck deck(".task csv file=Near.csv targets=1", 1, folder.path / "deck.cir");
  const auto data = load_task(deck.netlist, deck.diagnostics);
  INFO(deck.diagnostics.render());
  REQUIRE(data);
  CHECK(data->train.count() == 2);
}

TEST_CASE("a file that changed is read again", "[task][files]") {
  const Folder folder;
  const std::string card = "csv targets=1 file=" + folder.file("t.csv", "1,2\n3,4\n");
  CHECK(data_of(card).train.count() == 2);
  folder.file("t.csv", "1,2\n3,4\n5,6\n");
  CHECK(data_of(card).train.count() == 3);
}
