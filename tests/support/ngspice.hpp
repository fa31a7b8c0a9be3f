// Runs ngspice, and this program, on a deck and returns what they wrote.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/rawfile_reader.hpp"

namespace settle::testing {

struct Outcome {
  int status = 0;
  std::string out, err;
};

/// A shell command with both streams caught; the status is the exit code, 128 + signal when killed.
Outcome run_command(const std::string& command);
std::string quoted(const std::filesystem::path& path);
std::string file_text(const std::filesystem::path& path);

/// An empty folder of its own, removed with everything in it at the end of the test.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

 private:
  std::filesystem::path folder_;
};

bool have_ngspice();
/// All plots of a deck; throw std::runtime_error with the program's own words when it fails.
std::vector<RawPlot> run_ngspice(const std::filesystem::path& deck);
std::vector<RawPlot> run_settle(const std::filesystem::path& deck);

}  // namespace settle::testing
