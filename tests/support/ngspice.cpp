// Runs ngspice and this program as child processes in a scratch folder.
#include "tests/support/ngspice.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace settle::testing {
namespace fs = std::filesystem;

std::string quoted(const fs::path& path) { return "'" + path.string() + "'"; }

std::string file_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Scratch::Scratch() {
  std::string pattern = (fs::temp_directory_path() / "settle-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + pattern);
  folder_ = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Outcome run_command(const std::string& command) {
  const Scratch scratch;
  const fs::path out = scratch / "out", err = scratch / "err";
  const int code = std::system(("{ " + command + "\n} >" + quoted(out) + " 2>" + quoted(err) + " </dev/null").c_str());
  const int status = WIFEXITED(code) ? WEXITSTATUS(code) : 128 + WTERMSIG(code);
  return {status, file_text(out), file_text(err)};
}

bool have_ngspice() {
  static const bool found = run_command("command -v ngspice").status == 0;
  return found;
}

namespace {

// ngspice returns 0 after many failures, so a missing or broken rawfile counts as one.
std::vector<RawPlot> plots_of(const std::string& command, const fs::path& raw) {
  const Outcome outcome = run_command(command);
  const std::string said = command + " (status " + std::to_string(outcome.status) + ")\n" + outcome.err + outcome.out;
  if (outcome.status != 0 || !fs::exists(raw)) throw std::runtime_error("no result from " + said);
  try {
    return read_rawfile(raw.string());
  } catch (const std::exception& error) {
    throw std::runtime_error(std::string(error.what()) + " from " + said);
  }
}

}  // namespace

std::vector<RawPlot> run_ngspice(const fs::path& deck) {
  const Scratch scratch;
  const fs::path raw = scratch / "out.raw";
  return plots_of("timeout 60 ngspice -b -r " + quoted(raw) + " " + quoted(deck), raw);
}

std::vector<RawPlot> run_settle(const fs::path& deck) {
  const Scratch scratch;
  const fs::path raw = scratch / "out.raw", trace = scratch / "out.h5";
  return plots_of("timeout 60 " SETTLE_PROGRAM " run " + quoted(deck) + " -o " + quoted(trace) + " --raw " + quoted(raw) + " --quiet", raw);
}

}  // namespace settle::testing
