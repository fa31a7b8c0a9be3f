// The trace file: names, units and values reach h5py, xarray and the own reader as they were written.
#include "sim/trace.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "sim/error.hpp"
#include "sim/sha256.hpp"
#include "sim/trace_describe.hpp"
#include "sim/trace_reader.hpp"
#include "sim/utf8.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/python.hpp"

using namespace settle;
using namespace settle::testing;
using Complex = std::complex<double>;

namespace {

const Provenance provenance{.version = "1.2.3",
                            .commit = "abc",
                            .command_line = "settle run divider.cir --seed 7",
                            .host = "bench",
                            .start_time = "2024-02-29T12:00:00Z",
                            .seed = 7,
                            .title = "a divider",
                            .deck_path = "divider.cir",
                            .deck_text = "a divider\n.include r.lib\n.end\n",
                            .included_files = {{"lib/r.lib", "* 1 k\xB5 \n"}}};

const std::vector<TraceColumn> signals = {{"v", "V", "in", "node", "node voltage"},
                                          {"v", "V", "x1.\xCE\xBC", "node", "node voltage"},
                                          {"i", "A", "v1", "branch", "branch current"},
                                          {"p", "W", "v1", "branch", "power"},
                                          {"state_x", "m", "y1", "device"},
                                          {"state_x", "1", "y2", "device"}};

constexpr int rows = 5000;

// A real transient, a complex sweep of two samples and an operating point.
void write_sample(const std::string& path) {
  Trace trace(path, provenance);
  auto& transient = trace.group("tran1", {{"time", "s", "time"}, signals, false, 1, 0, {{"kind", "tran"}, {"r1", 1e3}}});
  auto& sweep = trace.group("ac1", {{"frequency", "Hz", "frequency"}, {signals[0], signals[1]}, true, 2});
  auto& point = trace.group("op1", {{"point", "1", "operating point"}, {signals[0]}, false, 1, 1});
  trace.start();
  for (int k = 0; k < rows; ++k) {
    transient.append(30e-12 * k, std::vector<double>{1.0 * k, 2.0 * k, 3.0 * k, 4.0 * k, 5.0 * k, 6.0 * k});
    sweep.append(k, std::vector<Complex>{{1.0 * k, 1}, {2.0 * k, 2}, {3.0 * k, 3}, {4.0 * k, 4}});
  }
  point.append(0, std::vector<double>{0.25});
  transient.set("tpd", 1.5e-9);
  trace.set("points", std::int64_t{rows});
  trace.close();
}

}  // namespace

TEST_CASE("a trace gives back names, units and values", "[sim][trace]") {
  const Folder folder;
  const auto path = folder.file("t.h5");
  write_sample(path);
  const TraceReader reader(path);
  CHECK_FALSE(reader.unfinished());
  CHECK(reader.netlist() == provenance.deck_text);
  CHECK(reader.text("status") == "finished");
  REQUIRE(reader.groups().size() == 3);
  CHECK(reader.groups()[0].path == "/tran1");
  CHECK(reader.axis("tran1")[rows - 1] == 30e-12 * (rows - 1));
  const auto v = reader.array("tran1", "v");
  CHECK(v.unit == "V");
  CHECK(v.label_axis == "node");
  CHECK(v.column("x1.\xCE\xBC")[1234] == Complex(2.0 * 1234));
  CHECK(reader.array("tran1", "p").label_axis == "branch");  // the axis of i, which has the same labels
  CHECK(reader.array("tran1", "state_x").unit == "m");
  CHECK(reader.array("tran1", "state_x_2").unit == "1");
  const auto h = reader.array("ac1", "v");
  CHECK(h.samples == 2);
  CHECK(h.column("in", 1)[rows - 1] == Complex(3.0 * (rows - 1), 3));
  CHECK(reader.array("op1", "v").column("in") == std::vector<Complex>{0.25});
  CHECK_THROWS_WITH(v.column("out"), Catch::Contains("has no column 'out'") && Catch::Contains("in, x1"));
  CHECK_THROWS_WITH(reader.axis("tran2"), Catch::Contains("/tran1, /ac1, /op1"));
}

TEST_CASE("a trace is described with its origin, its contents and its end", "[sim][trace]") {
  const Folder folder;
  const auto path = folder.file("t.h5");
  write_sample(path);
  const auto text = describe(TraceReader(path));
  CAPTURE(text);
  for (const char* part : {"divider.cir", "settle run divider.cir --seed 7", "finished", "/tran1: 5000 rows over time = 0 .. 1.4997e-07 s",
                           "kind = tran, r1 = 1000, tpd = 1.5e-09", "[A] 5000 x 1 real; branch: v1", "[V] 5000 x 2 x 2 complex; node: in, x1."}) {
    CHECK_THAT(text, Catch::Contains(part));
  }
}

TEST_CASE("h5py sees every axis of every dataset labelled", "[sim][trace]") {
  if (!have_python("h5py")) return;
  const Folder folder;
  const auto path = folder.file("t.h5");
  write_sample(path);
  CHECK(run_python(R"(
import h5py, sys
f = h5py.File(sys.argv[1], 'r')
bare = []
def visit(name, d):
    if isinstance(d, h5py.Dataset) and d.attrs.get('CLASS') != b'DIMENSION_SCALE':
        bare.extend(name for dim in d.dims if len(dim) != 1)
f.visititems(visit)
print(bare, sorted(f), list(f['tran1']))
v = f['tran1/v']
print(v.dtype, v.attrs['units'], v.dims[0][0].attrs['units'], list(v.dims[1]['node'].asstr()), v[1234].tolist())
print(f['ac1/v'].dtype, f['ac1/v'].shape, f['ac1/v'][10, 1].tolist())
print(f.attrs['seed'], f.attrs['netlist_sha256'] == __import__('hashlib').sha256(f['netlist'][()]).hexdigest())
print(repr(f['netlist_files/file1'].asstr()[()]), f['netlist_files/file1'].attrs['path'], f['status/fraction'][()])
)",
                   path) ==
        "[] ['ac1', 'complex128', 'netlist', 'netlist_files', 'op1', 'status', 'tran1'] "
        "['time', 'node', 'branch', 'device', 'device_2', 'v', 'i', 'p', 'state_x', 'state_x_2']\n"
        "float64 V s ['in', 'x1.\xCE\xBC'] [1234.0, 2468.0]\n"
        "complex128 (5000, 2, 2) [(30+3j), (40+4j)]\n"
        "7 True\n"
        "'* 1 k\xC2\xB5 \\n' lib/r.lib 0.0\n");
}

TEST_CASE("xarray opens every group and selects by name", "[sim][trace]") {
  if (!have_python("xarray, h5netcdf")) return;
  const Folder folder;
  const auto path = folder.file("t.h5");
  write_sample(path);
  CHECK(run_python(R"(
import sys, xarray as xr
def group(name):
    return xr.open_dataset(sys.argv[1], engine='h5netcdf', group=name)
t = group('tran1')
print(dict(t.dims), float(t.v.sel(node='in')[7]), float(t.time[1]), t.time.dtype, t.attrs['tpd'], t.i.attrs['long_name'])
a = group('ac1')
print(dict(a.dims), complex(a.v.sel(node='in', sample=1)[4999]))
print(group('op1').v.values.tolist(), xr.open_dataset(sys.argv[1], engine='h5netcdf').attrs['format'])
)",
                   path) ==
        "{'time': 5000, 'node': 2, 'branch': 1, 'device': 1, 'device_2': 1} 7.0 3e-11 float64 1.5e-09 branch current\n"
        "{'frequency': 5000, 'sample': 2, 'node': 2} (14997+3j)\n"
        "[[0.25]] settle-trace\n");
}

TEST_CASE("a thousand groups of a few rows are quick and small", "[sim][trace]") {
  const Folder folder;
  const auto path = folder.file("t.h5");
  Trace trace(path, provenance);
  std::vector<TraceGroup*> groups;
  for (int k = 0; k < 1000; ++k) {
    groups.push_back(&trace.group("tran1/step" + std::to_string(1000 + k), {{"time", "s", "time"}, {signals[0], signals[2]}}));
  }
  trace.start();
  for (std::size_t k = 0; k < groups.size(); ++k) {
    for (int row = 0; row < 3; ++row) groups[k]->append(row, std::vector<double>{1.0 * k, 2.0 * row});
    groups[k]->finish();
  }
  trace.close();
  CHECK(std::filesystem::file_size(path) < 10'000'000);  // 10 kB a group, although a chunk has 4096 rows
  const TraceReader reader(path);
  REQUIRE(reader.groups().size() == 1000);
  CHECK(reader.array("tran1/step1999", "v").column("in") == std::vector<Complex>(3, 999.0));
}

TEST_CASE("names that meet in one group get out of each other's way", "[sim][trace]") {
  const Folder folder;
  const auto path = folder.file("t.h5");
  Trace trace(path, provenance);
  // A sweep of a source named v, and two quantities whose labels differ.
  auto& group = trace.group("dc1", {{"v", "V", "swept source"}, {{"v", "V", "out", "node"}, {"i", "A", "r1", "node"}, {"a/b", "1", "x", "sample"}}, false, 2});
  trace.start();
  group.append(5.0, std::vector<double>{1, 2, 3, 4, 5, 6});
  trace.close();
  const TraceReader reader(path);
  CHECK(reader.group("dc1").axis == "v_2");
  CHECK(reader.array("dc1", "v").label_axis == "node");
  CHECK(reader.array("dc1", "i").label_axis == "node_2");
  CHECK(reader.array("dc1", "a_b").label_axis == "sample_2");
  CHECK(reader.array("dc1", "i").column("r1", 1)[0] == 5.0);
}

TEST_CASE("groups may be written by several threads", "[sim][trace]") {
  const Folder folder;
  const auto path = folder.file("t.h5");
  Trace trace(path, provenance);
  std::vector<TraceGroup*> groups;
  for (int k = 0; k < 4; ++k) groups.push_back(&trace.group("tran" + std::to_string(k), {{"time", "s", "time"}, {signals[0]}}));
  trace.start();
  std::vector<std::thread> threads;
  for (int k = 0; k < 4; ++k) {
    threads.emplace_back([&, k] {
      for (int row = 0; row < 20000; ++row) groups[k]->append(row, std::vector<double>{1.0 * k * row});
      groups[k]->finish();
    });
  }
  for (auto& thread : threads) thread.join();
  trace.close();
  const TraceReader reader(path);
  for (int k = 0; k < 4; ++k) {
    const auto values = reader.array("tran" + std::to_string(k), "v").column("in");
    REQUIRE(values.size() == 20000);
    CHECK(values[12345] == 1.0 * k * 12345);
  }
}

TEST_CASE("a trace that cannot be written says why and destroys nothing", "[sim][trace]") {
  const Folder folder;
  const auto refused = [](const std::string& path) {
    try {
      Trace trace(path, provenance);
    } catch (const Error& error) {
      CHECK(error.fault() == Fault::file);
      return std::string(error.what());
    }
    return std::string("not refused");
  };
  CHECK_THAT(refused("/nowhere/t.h5"), Catch::Contains("there is no folder '/nowhere'"));
  CHECK_THAT(refused(folder.path), Catch::Contains("it is a folder"));
  CHECK_THAT(refused("/proc/t.h5"), Catch::Contains("/proc/t.h5"));
  const auto deck = folder.file("deck.cir", "a deck\n");
  CHECK_THAT(refused(deck), Catch::Contains("is not an HDF5 file"));
  CHECK(std::filesystem::file_size(deck) == 7);
  CHECK_THROWS_WITH(TraceReader(deck), Catch::Contains("deck.cir"));
}

TEST_CASE("rows of the wrong shape are refused", "[sim][trace]") {
  const Folder folder;
  Trace trace(folder.file("t.h5"), provenance);
  auto& group = trace.group("tran1", {{"time", "s", "time"}, {signals[0], signals[1]}});
  CHECK_THROWS_AS(group.append(0, std::vector<double>{1, 2}), std::logic_error);  // before start
  trace.start();
  CHECK_THROWS_AS(group.append(0, std::vector<double>{1}), std::logic_error);
  CHECK_THROWS_AS(group.append(0, std::vector<Complex>{1, 2}), std::logic_error);
  CHECK_THROWS_AS(trace.group("tran2", {{"time", "s", "time"}, {}}), std::logic_error);
  group.finish();
  CHECK_THROWS_AS(group.append(0, std::vector<double>{1, 2}), std::logic_error);
}

TEST_CASE("a reader follows a trace while it is written", "[sim][trace]") {
  const Folder folder;
  const auto path = folder.file("t.h5");
  Trace trace(path, provenance);
  auto& group = trace.group("tran1", {{"time", "s", "time"}, {signals[0]}});
  trace.start();
  for (int row = 0; row < 5000; ++row) group.append(row, std::vector<double>{1.0 * row});
  std::this_thread::sleep_for(std::chrono::milliseconds(210));  // progress is written five times a second
  trace.progress({0.5, 5000.0, 1.0, 5000});
  if (!have_python("h5py")) return;
  CHECK(run_python("import h5py, sys\nf = h5py.File(sys.argv[1], 'r', swmr=True)\n"
                   "print(len(f['tran1/time']), f['tran1/v'][4095, 0], f['status/fraction'][()], f.attrs['status'])",
                   path) == "4096 4095.0 0.5 running\n");
}

TEST_CASE("text of any encoding becomes UTF-8", "[sim][trace]") {
  CHECK(to_utf8("1\xC2\xB5") == "1\xC2\xB5");                  // is UTF-8
  CHECK(to_utf8("1\xB5 \xE4") == "1\xC2\xB5 \xC3\xA4");        // is Latin-1
  CHECK(to_utf8("\xC0\xAF") == "\xC3\x80\xC2\xAF");            // an overlong form is not UTF-8
  CHECK(to_utf8("\xF0\x9F\x98\x80") == "\xF0\x9F\x98\x80");
}

TEST_CASE("sha256 gives the published digests", "[sim][trace]") {
  CHECK(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");     // NIST CAVP, SHA256ShortMsg, Len 0
  CHECK(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-4 example
  CHECK(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");  // FIPS 180-4 example, two blocks
}
