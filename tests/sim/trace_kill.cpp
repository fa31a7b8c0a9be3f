// A trace survives its writer: killed at a random moment, thrown through, or out of disk space.
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/error.hpp"
#include "sim/trace.hpp"
#include "sim/trace_reader.hpp"
#include "sim/trace_repair.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/python.hpp"

using namespace settle;
using namespace settle::testing;

namespace {

constexpr std::size_t width = 64;

constexpr std::size_t chunk_rows(bool complex) { return (1 << 18) / ((complex ? 16 : 8) * width); }  // as docs/trace.md says

double value(std::size_t row, std::size_t column) { return static_cast<double>(row) + 1e-3 * static_cast<double>(column); }

TraceLayout layout(bool complex) {
  TraceLayout result{{"time", "s", "time"}, {}, complex};
  for (std::size_t k = 0; k < width; ++k) result.columns.push_back({"v", "V", "n" + std::to_string(k), "node"});
  result.columns.push_back({"energy", "J", "supplied", "kind"});
  return result;
}

void append(TraceGroup& group, std::size_t row, bool complex) {
  std::vector<double> real;
  for (std::size_t k = 0; k < width; ++k) real.push_back(value(row, k));
  real.push_back(-static_cast<double>(row));
  const std::vector<std::complex<double>> both(real.begin(), real.end());
  complex ? group.append(1e-9 * static_cast<double>(row), both) : group.append(1e-9 * static_cast<double>(row), real);
}

// A number both processes see, to know how many rows had been appended when the writer died.
struct Shared {
  volatile std::size_t* rows = static_cast<std::size_t*>(
      mmap(nullptr, sizeof(std::size_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ~Shared() { munmap(const_cast<std::size_t*>(rows), sizeof(std::size_t)); }
};

[[noreturn]] void write_for_ever(const std::string& path, bool complex, bool compress, volatile std::size_t* rows) {
  Trace trace(path, {.deck_text = "killed\n"}, {compress});
  auto& group = trace.group("tran1", layout(complex));
  trace.start();
  for (std::size_t row = 0;; ++row) {
    append(group, row, complex);
    *rows = row + 1;
    trace.progress({0.5, 0.0, 1e-9, static_cast<std::int64_t>(row)});
  }
}

// Appended rows at the moment of the kill.
std::size_t kill_writer(const std::string& path, bool complex, bool compress, unsigned microseconds) {
  const Shared shared;
  *shared.rows = 0;
  const pid_t child = fork();
  if (child == 0) write_for_ever(path, complex, compress, shared.rows);
  while (*shared.rows == 0) usleep(100);
  usleep(microseconds);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return *shared.rows;
}

void check_rows(const TraceReader& reader, std::size_t least, std::size_t most) {
  const auto rows = reader.group("tran1").rows;
  CHECK(rows >= least);
  CHECK(rows <= most);
  CHECK(reader.axis("tran1").size() == rows);
  for (const std::size_t column : {std::size_t{0}, width - 1}) {
    const auto values = reader.array("tran1", "v").column("n" + std::to_string(column));
    std::size_t wrong = 0;
    for (std::size_t row = 0; row < rows; ++row) wrong += values[row] != std::complex<double>(value(row, column));
    CHECK(wrong == 0);
  }
  CHECK(reader.array("tran1", "energy").column("supplied").size() == rows);
}

}  // namespace

TEST_CASE("a trace whose writer is killed keeps every finished chunk and is repaired", "[sim][trace][kill]") {
  const char* const wanted = std::getenv("SETTLE_KILL_TRIALS");
  const int trials = wanted ? std::atoi(wanted) : 16;
  std::mt19937 random(20240229);
  for (int trial = 0; trial < trials; ++trial) {
    const bool complex = trial % 2, compress = trial % 4 < 2;
    const Folder folder;
    const auto path = folder.file("killed.h5");
    const auto rows = kill_writer(path, complex, compress, std::uniform_int_distribution<unsigned>(0, 60000)(random));
    CAPTURE(trial, complex, compress, rows);
    const std::size_t chunk = chunk_rows(complex), least = rows / chunk * chunk;
    {
      const TraceReader reader(path);
      CHECK(reader.unfinished());
      CHECK(reader.text("status") == "running");
      check_rows(reader, least, rows + 1);
    }
    const double bytes = static_cast<double>((rows + chunk) * width) * (complex ? 16 : 8);
    CHECK(static_cast<double>(std::filesystem::file_size(path)) < 1.1 * bytes + 1e6);  // whole chunks are written once
    CHECK_THAT(repair(path), Catch::Contains("repaired"));
    {
      const TraceReader reader(path);
      CHECK_FALSE(reader.unfinished());
      CHECK(reader.text("status") == "killed");
      check_rows(reader, least, rows + 1);
    }
    CHECK_THAT(repair(path), Catch::Contains("nothing to repair"));
  }
}

TEST_CASE("h5py reads a killed trace as a live one and a repaired trace as any other", "[sim][trace][kill]") {
  if (!have_python("h5py")) return;
  const Folder folder;
  const auto path = folder.file("killed.h5");
  const auto rows = kill_writer(path, true, true, 30000);
  const std::string script = R"(
import h5py, sys
with h5py.File(sys.argv[1], 'r', swmr=len(sys.argv) > 2) as f:
    n = len(f['tran1/time'])
    v = f['tran1/v'][:n]
    print(n, v.dtype, (v[:, 3].real == [k + 1e-3 * 3 for k in range(n)]).all())
)";
  const auto readable = TraceReader(path).group("tran1").rows;
  CHECK(readable <= rows);
  const auto expected = std::to_string(readable) + " complex128 True\n";
  CHECK_THAT(run_python(script, path), Catch::Contains("OSError"));
  CHECK(run_python(script, path + " swmr") == expected);
  repair(path);
  CHECK(run_python(script, path) == expected);
}

TEST_CASE("a trace is not repaired under the hands of its writer", "[sim][trace][kill]") {
  const Folder folder;
  const auto path = folder.file("live.h5");
  Trace trace(path, {});
  auto& group = trace.group("tran1", layout(false));
  trace.start();
  append(group, 0, false);
  CHECK_THROWS_WITH(repair(path), Catch::Contains("in use by another program"));
  CHECK_THROWS_WITH(Trace(path, {}), Catch::Contains("in use by another program"));
  trace.close();
  CHECK(TraceReader(path).group("tran1").rows == 1);
}

TEST_CASE("what cannot be repaired is left untouched", "[sim][trace][kill]") {
  const Folder folder;
  const auto path = folder.file("deck.h5", "not HDF5 at all\n");
  CHECK_THROWS_WITH(repair(path), Catch::Contains("left as it was"));
  CHECK(std::filesystem::file_size(path) == 16);
  CHECK_FALSE(std::filesystem::exists(path + ".repair"));
}

TEST_CASE("a trace that is abandoned by an exception holds all its rows and says so", "[sim][trace][kill]") {
  const Folder folder;
  const auto path = folder.file("thrown.h5");
  try {
    Trace trace(path, {});
    auto& group = trace.group("tran1", layout(false));
    trace.start();
    for (std::size_t row = 0; row < 5; ++row) append(group, row, false);
    throw Error(Fault::simulation, "no convergence");
  } catch (const Error&) {
  }
  const TraceReader reader(path);
  CHECK(reader.text("status") == "failed");
  check_rows(reader, 5, 5);
}

TEST_CASE("a full disk is reported once and what was written before stays readable", "[sim][trace][kill]") {
  const Folder folder;
  const auto path = folder.file("full.h5");
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{2000000, 2000000};
    std::signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &limit);
    int outcome = 1;
    try {
      Trace trace(path, {}, {false});
      auto& group = trace.group("tran1", layout(false));
      trace.start();
      for (std::size_t row = 0; row < 100000; ++row) append(group, row, false);
    } catch (const Error& error) {
      outcome = error.fault() == Fault::file ? 0 : 2;
    }
    _exit(outcome);
  }
  int status = -1;
  waitpid(child, &status, 0);
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  repair(path);
  check_rows(TraceReader(path), chunk_rows(false), 2000000 / (8 * width));
}
