// docs/read_trace.py, the reader users copy, on closed, complex, batched and killed traces.
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/trace.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/python.hpp"

using namespace settle;
using namespace settle::testing;
using Complex = std::complex<double>;

namespace {

const std::string program = SETTLE_SOURCE_DIR "/docs/read_trace.py";

std::string read_trace(const std::string& arguments) {
  return run_python("import runpy, sys\nsys.argv = sys.argv[1:]\nrunpy.run_path(sys.argv[0], run_name='__main__')\n", program + ' ' + arguments);
}

void write_sample(const std::string& path) {
  Trace trace(path, {});
  auto& transient = trace.group("tran1/step0001", {{"time", "s", "time"}, {{"v", "V", "r[3]", "node"}, {"i", "A", "v1", "branch"}}});
  auto& sweep = trace.group("ac1", {{"frequency", "Hz", "frequency"}, {{"v", "V", "out", "node"}}, true, 2});
  trace.start();
  transient.append(0.5, std::vector<double>{1, 2});
  transient.append(1.5, std::vector<double>{3, 4});
  sweep.append(10, std::vector<Complex>{{1, 2}, {3, 4}});
  trace.close();
}

}  // namespace

TEST_CASE("the Python reader lists and tabulates the signals of a trace", "[sim][trace]") {
  if (!have_python("h5py")) return;
  const Folder folder;
  const auto path = folder.file("t.h5");
  write_sample(path);
  CHECK(read_trace(path) ==
        "/ac1: 1 rows over frequency [Hz]\n  v [V] complex128: out\n"
        "/tran1/step0001: 2 rows over time [s]\n  v [V] float64: r[3]\n  i [A] float64: v1\n");
  CHECK(read_trace(path + " --group tran1/step0001 'v(*)'") == "/tran1/step0001 rows=2\ntime[s]\tv(r[3])[V]\n0.5\t1\n1.5\t3\n");
  CHECK(read_trace(path + " 'v(out)[1]'") == "/ac1 rows=1\nfrequency[Hz]\tv(out)[1][V]\n10\t3+4j\n");
  CHECK_THAT(read_trace("nowhere.h5"), Catch::Contains("No such file"));
}

TEST_CASE("the Python reader makes an xarray dataset and a picture", "[sim][trace]") {
  if (!have_python("h5py, xarray, matplotlib")) return;
  const Folder folder;
  const auto path = folder.file("t.h5"), picture = folder.file("t.png");
  write_sample(path);
  CHECK_THAT(read_trace(path + " --plot " + picture), Catch::Contains("4 signals"));
  CHECK(std::filesystem::file_size(picture) > 1000);
  CHECK(run_python("import sys; sys.path.insert(0, sys.argv[1])\nfrom read_trace import read\n"
                   "d = read(sys.argv[2])['/ac1'].dataset()\nprint(d.v.dims, complex(d.v.sel(node='out')[0, 1]))\n",
                   SETTLE_SOURCE_DIR "/docs " + path) == "('frequency', 'sample', 'node') (3+4j)\n");
}

TEST_CASE("the Python reader reads what a killed run has left", "[sim][trace][kill]") {
  if (!have_python("h5py")) return;
  const Folder folder;
  const auto path = folder.file("t.h5");
  const pid_t child = fork();
  if (child == 0) {
    Trace trace(path, {});
    auto& group = trace.group("tran1", {{"time", "s", "time"}, {{"v", "V", "out", "node"}}});
    trace.start();
    for (int row = 0; row < 5000; ++row) group.append(row, std::vector<double>{2.0 * row});
    kill(getpid(), SIGKILL);
  }
  waitpid(child, nullptr, 0);
  CHECK(read_trace(path) == "/tran1: 4096 rows over time [s]\n  v [V] float64: out\n");
}
