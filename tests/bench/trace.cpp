// Why: a trace must not slow the fastest transient; its rows arrive at up to 500 MB/s, and a sweep opens 1000 groups.
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <filesystem>
#include <vector>

#include "sim/trace.hpp"

namespace {

using namespace settle;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::vector<TraceColumn> nodes(std::size_t count) {
  std::vector<TraceColumn> columns;
  for (std::size_t k = 0; k < count; ++k) columns.push_back({"v", "V", fmt::format("n{}", k), "node", "node voltage"});
  return columns;
}

void stream(const std::string& path, std::size_t width, bool compress, bool smooth) {
  const std::size_t rows = (std::size_t{1} << 28) / (8 * width);
  const auto begin = Clock::now();
  Trace trace(path, {}, {compress});
  auto& group = trace.group("tran1", {{"time", "s", "time"}, nodes(width)});
  trace.start();
  std::vector<double> row(width);
  double computing = 0;
  for (std::size_t k = 0; k < rows; ++k) {
    const auto before = Clock::now();
    const double t = static_cast<double>(k) / static_cast<double>(rows);
    for (std::size_t j = 0; j < width; ++j) row[j] = smooth ? std::sin(40 * t + static_cast<double>(j)) : std::round(4 * t);
    computing += since(before);
    group.append(t, row);
  }
  trace.close();
  const double time = since(begin) - computing, megabytes = static_cast<double>(rows * width * 8) / 1e6;
  fmt::print("{:6} columns, {:10}, {}: {:6.0f} MB/s, {:5.2f} bytes a value\n", width, compress ? "deflated" : "plain",
             smooth ? "sines" : "steps", megabytes / time,
             static_cast<double>(std::filesystem::file_size(path)) / static_cast<double>(rows * width));
}

void many_groups(const std::string& path, std::size_t groups, std::size_t rows, std::size_t expected, bool compress) {
  const auto begin = Clock::now();
  Trace trace(path, {}, {compress});
  std::vector<TraceGroup*> all;
  auto columns = nodes(3);
  columns.push_back({"i", "A", "v1", "branch", "branch current"});
  for (std::size_t k = 0; k < groups; ++k) {
    all.push_back(&trace.group(fmt::format("tran1/step{:04}", k + 1),
                               {{"time", "s", "time"}, columns, false, 1, expected, {{"r1", static_cast<double>(k)}}}));
  }
  trace.start();
  const double created = since(begin);
  for (auto* group : all) {
    for (std::size_t k = 0; k < rows; ++k) group->append(1e-9 * static_cast<double>(k), std::vector<double>{1., 2., 3., 4.});
    group->finish();
  }
  const double written = since(begin) - created;
  trace.close();
  fmt::print("{} groups of {} rows{}{}: created in {:.2f} s, written in {:.2f} s, closed in {:.2f} s, {:.2f} MB\n", groups, rows,
             expected ? " (foretold)" : "", compress ? "" : " plain", created, written, since(begin) - created - written,
             static_cast<double>(std::filesystem::file_size(path)) / 1e6);
}

}  // namespace

int main() {
  const std::string path = std::filesystem::temp_directory_path() / "settle_bench_trace.h5";
  for (const std::size_t width : {3, 100, 10000}) {
    for (const bool compress : {false, true}) {
      for (const bool smooth : {false, true}) stream(path, width, compress, smooth);
    }
  }
  for (const std::size_t rows : {1, 50}) {
    for (const std::size_t expected : {std::size_t{0}, rows}) many_groups(path, 1000, rows, expected, true);
  }
  many_groups(path, 1000, 50, 0, false);
  std::filesystem::remove(path);
}
