// Looking functions up, and the functions behind the operators.
#include "sim/expression_function.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "sim/expression_define.hpp"

namespace settle {
namespace {

using namespace define;

/// 1 or 0; NaN if either side is NaN, so that a domain error is never hidden by a comparison.
template <class T>
T compared(const T& x, const T& y, bool is) {
  return std::isnan(re(x)) ? x : std::isnan(re(y)) ? y : T(is ? 1.0 : 0.0);
}

#define SETTLE_COMPARE(sign, test) \
  { sign, piecewise(fixed<2>(sign, "x, y", "", [](const auto& x, const auto& y) { return compared(x, y, test); })) }

const std::map<std::string, Function, std::less<>>& operators() {
  static const std::map<std::string, Function, std::less<>> table{
      SETTLE_COMPARE("<", re(x) < re(y)),
      SETTLE_COMPARE("<=", re(x) <= re(y)),
      SETTLE_COMPARE(">", re(x) > re(y)),
      SETTLE_COMPARE(">=", re(x) >= re(y)),
      SETTLE_COMPARE("==", re(x) == re(y)),
      SETTLE_COMPARE("!=", re(x) != re(y)),
      SETTLE_COMPARE("&&", re(x) != 0.0 && re(y) != 0.0),
      SETTLE_COMPARE("||", re(x) != 0.0 || re(y) != 0.0),
      {"!", piecewise(fixed<1>("!", "x", "", [](const auto& x) { return compared(x, x, re(x) == 0.0); }))},
  };
  return table;
}

#undef SETTLE_COMPARE

}  // namespace

const Function& operator_function(std::string_view sign) {
  return sign == "%" ? *Functions::find("mod") : operators().find(sign)->second;
}

const Function* find_function(std::string_view name, int arguments) {
  if (name.find('/') != std::string_view::npos) return nullptr;
  const Function* form = Functions::find(fmt::format("{}/{}", name, arguments));
  return form ? form : Functions::find(name);
}

std::string argument_counts(std::string_view name) {
  std::string counts;
  bool single = false;
  for (const auto& [key, f] : Functions::all()) {
    if (key != name && !key.starts_with(fmt::format("{}/", name))) continue;
    single = counts.empty() && f->min_arguments == 1 && f->max_arguments == 1;
    const std::string count = f->max_arguments == Function::any ? fmt::format("{} or more", f->min_arguments) : fmt::format("{}", f->min_arguments);
    counts += (counts.empty() ? "" : " or ") + (count == "0" ? std::string("no") : count);
  }
  return counts + (single ? " argument" : " arguments");
}

}  // namespace settle
