// The tables of dot words.
#include "circuits/dot_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

namespace settle {
namespace {

using namespace std::string_view_literals;

constexpr std::array commands{"options"sv, "option"sv, "opt"sv,  "temp"sv,    "save"sv, "print"sv,
                              "plot"sv,    "probe"sv,  "meas"sv, "measure"sv, "step"sv,    "mismatch"sv, "save_array"sv};
constexpr std::array structure{"include"sv, "inc"sv,  "lib"sv, "endl"sv,   "subckt"sv, "ends"sv,    "model"sv, "param"sv, "func"sv,
                               "global"sv,  "title"sv, "ic"sv, "nodeset"sv, "control"sv, "endc"sv, "end"sv};
constexpr std::array ignored{"width"sv, "backanno"sv, "lin"sv, "preprocess"sv, "protect"sv, "unprotect"sv, "prot"sv, "unprot"sv};

constexpr std::array<std::pair<std::string_view, std::string_view>, 18> refused{
    {{"tf", "a transfer function at DC; use .dc, or .ac at a low frequency"},
     {"four", "Fourier analysis; work on the trace, for instance with numpy"},
     {"fft", "Fourier analysis; work on the trace, for instance with numpy"},
     {"sens", "sensitivities; use .step over the parameter"},
     {"disto", "distortion analysis; use .tran"},
     {"pz", "poles and zeros; use .ac"},
     {"sp", "S parameters; use .ac"},
     {"pss", "periodic steady state; use .tran until it has settled"},
     {"hb", "harmonic balance; use .tran until it has settled"},
     {"mc", "Monte Carlo runs; use .mismatch or random functions such as normal(), and .step seed 1 100 1"},
     {"sampling", "Monte Carlo runs; use .mismatch or random functions such as normal(), and .step seed 1 100 1"},
     {"if", "conditional cards; use the ternary operator in a value, or two subcircuits"},
     {"elseif", "conditional cards"},
     {"else", "conditional cards"},
     {"endif", "conditional cards"},
     {"data", "tables of steps; use .step ... list"},
     {"alter", "use .step, or --set on the command line"},
     {"ferret", "use .include"}}};

bool in(const auto& table, std::string_view word) { return std::find(table.begin(), table.end(), word) != table.end(); }

}  // namespace

bool is_command(std::string_view word, const ReadOptions& options) { return in(commands, word) || in(options.analyses, word) || in(options.settings, word); }

bool is_dot_word(std::string_view word, const ReadOptions& options) { return is_command(word, options) || in(structure, word); }

bool is_ignored_dot_word(std::string_view word) { return in(ignored, word); }

std::string why_unsupported(std::string_view word) {
  for (const auto& [name, reason] : refused)
    if (name == word) return std::string(reason);
  return "";
}

std::vector<std::string_view> dot_words(const ReadOptions& options) {
  std::vector<std::string_view> all(commands.begin(), commands.end());
  all.insert(all.end(), structure.begin(), structure.end());
  all.insert(all.end(), options.analyses.begin(), options.analyses.end());
  all.insert(all.end(), options.settings.begin(), options.settings.end());
  return all;
}

}  // namespace settle
