// ImageNet32 read from npz archives: small ones written here, stored and deflated, whole and broken.
#include <zlib.h>

#include <cstdint>
#include <cstring>

#include "learning/npz_file.hpp"
#include "sim/error.hpp"
#include "tests/learning/task_deck.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/python.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

constexpr int pixels = 3072;

std::string number(std::uint64_t value, int bytes) {
  std::string text;
  for (int k = 0; k < bytes; ++k) text += static_cast<char>(value >> (8 * k));
  return text;
}

std::string npy(const std::string& type, const std::string& shape, const std::string& numbers, const std::string& order = "False") {
  std::string header = "{'descr': '" + type + "', 'fortran_order': " + order + ", 'shape': (" + shape + "), }";
  header.append(127 - 10 - header.size(), ' ') += '\n';
  return "\x93NUMPY" + number(1, 2) + number(header.size(), 2) + header + numbers;
}

std::string deflated(const std::string& content) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data())), stream.avail_in = static_cast<unsigned>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data()), stream.avail_out = static_cast<unsigned>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(packed.size() - stream.avail_out);
  deflateEnd(&stream);
  return packed;
}

using Members = std::vector<std::pair<std::string, std::string>>;

/// An archive as NumPy writes it: local headers with sizes in the extra field of large files, whose 32 bits say nothing. `wide`: the directory, too.
std::string zip(const Members& members, bool packed = false, bool wide = false) {
  std::string archive, directory;
  for (const auto& [name, content] : members) {
    const std::string bytes = packed ? deflated(content) : content;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<unsigned>(content.size()));
    const std::string sizes = number(bytes.size(), 8), extra = number(1, 2) + number(16, 2) + number(content.size(), 8) + sizes;
    const std::string all_ones = number(0xffffffff, 4), head = number(20, 2) + number(0, 2) + number(packed ? 8 : 0, 2) + number(0, 4) + number(sum, 4);
    directory += number(0x02014b50, 4) + number(20, 2) + head + (wide ? all_ones + all_ones : number(bytes.size(), 4) + number(content.size(), 4)) + number(name.size(), 2) + number(wide ? 20 : 0, 2) +
                 number(0, 10) + number(archive.size(), 4) + name + (wide ? extra : "");
    archive += number(0x04034b50, 4) + head + all_ones + all_ones + number(name.size(), 2) + number(extra.size(), 2) + name + extra + bytes;
  }
  const std::string end = number(0x06054b50, 4) + number(0, 4) + number(members.size(), 2) + number(members.size(), 2) + number(directory.size(), 4) + number(archive.size(), 4) + number(0, 2);
  return archive + directory + end;
}

/// Image k is full of 51 k, its first pixel is 255.
std::string images(int count) {
  std::string bytes;
  for (int k = 0; k < count; ++k) bytes += '\xff' + std::string(pixels - 1, static_cast<char>(51 * k));
  return npy("|u1", std::to_string(count) + ", 3072", bytes);
}

std::string labels(const std::vector<std::uint64_t>& values) {
  std::string numbers;
  for (const std::uint64_t value : values) numbers += number(value, 8);
  return npy("<i8", std::to_string(values.size()) + ",", numbers);
}

std::string mean(double value) {
  std::string numbers(8 * pixels, '\0');
  for (int k = 0; k < pixels; ++k) std::memcpy(&numbers[static_cast<std::size_t>(8 * k)], &value, 8);
  return npy("<f8", "3072,", numbers);
}

const Members batch{{"data.npy", images(3)}, {"labels.npy", labels({1000, 1, 7})}, {"mean.npy", mean(102.0)}};
const Members test{{"data.npy", images(2)}, {"labels.npy", labels({2, 3})}};

void check_three(const DataSet& data) {
  CHECK(data.features() == pixels);
  CHECK(data.classes.size() == 1000);
  CHECK(data.train.labels == std::vector<int>{999, 0, 6});
  CHECK(data.classes.at(999) == "1000");
  CHECK(data.train.inputs(0, 1) == 1.0);
  CHECK(data.train.inputs(1, 1) == Approx(0.2).epsilon(1e-15));
  CHECK(data.train.inputs(3071, 2) == Approx(0.4).epsilon(1e-15));
  CHECK(data.train.targets(999, 0) == 1.0);
}

}  // namespace

TEST_CASE("ImageNet32 is read from stored and deflated archives", "[task][files]") {
  const Folder folder;
  for (const bool packed : {false, true})
    for (const bool wide : {false, true}) check_three(data_of("imagenet32 files=" + folder.file("train_data_batch_1.npz", zip(batch, packed, wide))));
}

TEST_CASE("ImageNet32 takes as many images from its files as asked for, and test files are held out", "[task][files]") {
  const Folder folder;
  const std::string card = "imagenet32 files=" + folder.file("A.npz", zip(batch)) + "," + folder.file("B.npz", zip(test, true)) + " test_files=" + folder.file("val_data.npz", zip(test, true));
  CHECK(data_of(card).train.labels == std::vector<int>{999, 0, 6, 1, 2});
  CHECK(data_of(card).held_out.labels == std::vector<int>{1, 2});
  const DataSet few = data_of(card + " limit=4 held_out=1");
  CHECK(few.train.labels == std::vector<int>{999, 0, 6, 1});
  CHECK(few.held_out.count() == 1);
  CHECK(data_of(card + " classes=2:7").train.labels == std::vector<int>{5, 0, 1});
  TaskDeck deck(".task " + card);
  const auto outline = task_outline(deck.netlist, deck.diagnostics);
  REQUIRE(outline);
  CHECK(outline->samples == 5);
}

TEST_CASE("ImageNet32's mean image is subtracted from training and held-out images when asked for", "[task][files]") {
  const Folder folder;
  const std::string first = folder.file("A.npz", zip(batch)), second = folder.file("B.npz", zip(test));
  const DataSet data = data_of("imagenet32 mean=subtract files=" + first + " test_files=" + second);
  CHECK(data.train.inputs(0, 0) == Approx(0.6).epsilon(1e-15));
  CHECK(data.train.inputs(1, 0) == Approx(-0.4).epsilon(1e-15));
  CHECK(data.held_out.inputs(1, 1) == Approx(-0.2).epsilon(1e-15));
  CHECK(has(task_error("imagenet32 mean=subtract files=" + second), "B.npz: no array 'mean' to subtract"));
  CHECK(has(task_error("imagenet32 mean=subtract files=" + folder.file("C.npz", zip({batch[0], batch[1], {"mean.npy", mean(-1.0)}}))), "C.npz:mean: a mean of pixels is 0 to 255, but these are -1 to -1"));
  CHECK(has(task_error("imagenet32 mean=off files=" + first), "unknown mean=off; it is keep, subtract"));
}

TEST_CASE("what is wrong with an ImageNet32 file is told with its name and array", "[task][files]") {
  const Folder folder;
  const auto error = [&](const std::string& data, const std::string& names) { return task_error("imagenet32 files=" + folder.file("x.npz", zip({{"data.npy", data}, {"labels.npy", names}}))); };
  const std::string three = labels({1, 2, 3});
  CHECK(has(error(images(3), labels({1, 2})), "x.npz:labels: 2 labels, but 3 images"));
  CHECK(has(error(images(3), labels({1, 0, 3})), "x.npz:labels: label 1 is 0; they are 1 to 1000"));
  CHECK(has(error(images(3), labels({1, 2, 1001})), "x.npz:labels: label 2 is 1001; they are 1 to 1000"));
  CHECK(has(error(images(3), npy("<f4", "3,", std::string(12, '\0'))), "x.npz:labels: labels are whole numbers, not of type '<f4'"));
  CHECK(has(error(npy("<f4", "3, 3072", std::string(4 * 3 * pixels, '\0')), three), "x.npz:data: pixels are bytes, '|u1', not numbers of type '<f4'"));
  CHECK(has(error(npy("|u1", "3, 12288", std::string(3 * 12288, '\0')), three), "x.npz:data: 12288 numbers an image, but 32 x 32 pixels in three colours are 3072; is this the set of 64 x 64 pixels?"));
  CHECK(has(error(npy("|u1", "3, 3072", std::string(3 * pixels, '\0'), "True"), three), "x.npz:data: the array lies columns first; save numpy.ascontiguousarray(array)"));
  CHECK(has(error(npy("|u1", "4, 3072", std::string(3 * pixels, '\0')), three), "x.npz:data: 4 x 3072 numbers of 1 bytes make 12416 bytes with the header, but there are 9344"));
  CHECK(has(error("text", three), "x.npz:data: not an npy file"));
  CHECK(has(task_error("imagenet32 files=" + folder.file("x.npz", zip({{"labels.npy", three}, {"images.npy", images(3)}}))), "x.npz: no array 'data'; it has labels, images"));
  CHECK(has(task_error("imagenet32 files=" + folder.file("x.npz", zip({{"train_data_batch_1.npz", zip(batch)}}))), "x.npz: no array 'data'; it has train_data_batch_1.npz; unpack it"));
  CHECK(has(task_error("imagenet32"), "files= is missing: which files?"));
  CHECK(has(task_error("imagenet32 files=nowhere.npz"), "'nowhere.npz' does not exist"));
}

TEST_CASE("a broken archive says what to do", "[task][files]") {
  const Folder folder;
  const auto error = [&](const std::string& bytes) { return task_error("imagenet32 files=" + folder.file("x.npz", bytes)); };
  const std::string whole = zip(batch, true);
  CHECK(has(error("\x80\x02}q"), "x.npz: no zip archive: it looks like a Python pickle; read are the npz files of the same data"));
  CHECK(has(error("some text"), "x.npz: no zip archive: read are npz files"));
  CHECK(has(error(whole.substr(0, whole.size() / 2)), "x.npz: no zip archive: it begins like one but its end is missing"));
  std::string bad = whole;
  bad.replace(100, 20, 20, '\xff');  // within the first member
  CHECK(has(error(bad), "x.npz: 'data.npy': the packing is broken behind byte"));
  CHECK(has(error(whole.substr(10)), "fetch the file again"));  // the directory points past its entries
  std::string strange = zip(batch);
  strange[strange.find(number(0x02014b50, 4)) + 10] = 12;
  CHECK(has(error(strange), "x.npz: 'data.npy' is packed by method 12; read are stored (0) and deflated (8)"));
}

TEST_CASE("no shortened or altered archive reads beyond its bytes", "[task][files]") {
  const Folder folder;
  for (const bool packed : {false, true}) {
    const std::string whole = zip({{"data.npy", images(1)}, {"labels.npy", labels({5})}}, packed, true);
    for (std::size_t at = 0; at < whole.size(); at += at > 300 && at + 400 < whole.size() ? 97 : 1) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(~bytes[at]);
      for (const std::string& text : {bytes, whole.substr(0, at)})
        try {
          const NpzArray array = open_npz(folder.file("x.npz", text.empty() ? " " : text), "data");
          const std::size_t bytes_read = read_npz(array, array.header.count()).size();
          CHECK(bytes_read == static_cast<std::size_t>(array.header.count()) * array.header.type.size);
        } catch (const Error& error) {
          CHECK(std::string(error.what()).find("x.npz") != std::string::npos);
        }
    }
  }
}

TEST_CASE("what NumPy saves is what is read", "[task][files]") {
  if (!have_python("numpy")) return;
  const Folder folder;
  for (const std::string save : {"savez", "savez_compressed"}) {
    const std::string file = folder.path / (save + ".npz");
    REQUIRE(run_python("import numpy as np, sys\nd = np.arange(3 * 3072).reshape(3, 3072) % 251\n"
                       "np." + save + "(sys.argv[1], data=d.astype(np.uint8), labels=[3, 1000, 1], mean=np.full(3072, 25.5))\n", file) == "");
    const DataSet data = data_of("imagenet32 mean=subtract files=" + file);
    CHECK(data.train.labels == std::vector<int>{2, 999, 0});
    CHECK(data.train.inputs(100, 2) == Approx((6244 % 251 - 25.5) / 255.0).epsilon(1e-14));
  }
}
