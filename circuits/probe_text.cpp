// The text of a probe taken apart.
#include "circuits/probe_text.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>

#include "sim/number.hpp"

namespace settle {
namespace {

std::string trimmed(std::string text) {
  const auto space = [](unsigned char c) { return std::isspace(c) != 0; };
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), space));
  text.erase(std::find_if_not(text.rbegin(), text.rend(), space).base(), text.end());
  return text;
}

/// x1:out is x1.out; the colon of a range h[0:3] stays.
std::string dotted(std::string name) {
  bool inside = false;
  for (char& c : name) {
    inside = c == '[' || (inside && c != ']');
    if (c == ':' && !inside) c = '.';
  }
  return name;
}

/// The comma between two names; one in brackets, xb.r[3,4], belongs to a name.
std::size_t separating_comma(const std::string& inside) {
  int depth = 0;
  for (std::size_t k = 0; k < inside.size(); ++k) {
    depth += (inside[k] == '[') - (inside[k] == ']');
    if (inside[k] == ',' && (depth <= 0 || inside.find(']', k) == std::string::npos)) return k;
  }
  return std::string::npos;
}

bool is_word(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

}  // namespace

ProbeText split_probe(const std::string& raw) {
  const std::string text = trimmed(raw);
  using Form = ProbeText::Form;
  if (text.empty()) return {};
  if (text == "all" || text == "allv") return {Form::function, "v", {"*"}};
  if (text == "alli" || text == "allp") return {Form::function, text.substr(3), {"*"}};
  if ((text.front() == '{' && text.back() == '}') || (text.front() == '\'' && text.back() == '\''))
    return {Form::expression, "", {text.substr(1, text.size() - 2)}};

  if (text.front() == '@') {
    const std::size_t open = text.rfind('[');
    if (open == std::string::npos || text.back() != ']') return {};
    return {Form::field, text.substr(open + 1, text.size() - open - 2), {dotted(text.substr(1, open - 1))}};
  }
  const std::size_t hash = text.rfind('#');  // v1#branch, l1#current: the state of a device
  if (hash != std::string::npos && text.find('(') == std::string::npos) {
    const std::string state = text.substr(hash + 1);
    return {Form::function, state == "branch" || state == "current" ? "i" : state, {dotted(text.substr(0, hash))}};
  }
  const std::size_t open = text.find('(');
  if (open == std::string::npos && text.find_first_of(" \t)") == std::string::npos) return {Form::function, "v", {dotted(text)}};  // .save out
  if (open == std::string::npos || text.back() != ')') return {};
  const std::string function = trimmed(text.substr(0, open)), inside = text.substr(open + 1, text.size() - open - 2);
  if (function == "par") return {Form::expression, "", {inside.size() > 1 && inside.front() == '\'' ? inside.substr(1, inside.size() - 2) : inside}};
  if (!is_word(function)) return {};

  ProbeText split{Form::function, function, {}};
  const std::size_t comma = separating_comma(inside);
  split.arguments.push_back(dotted(trimmed(inside.substr(0, comma))));
  if (comma != std::string::npos) split.arguments.push_back(dotted(trimmed(inside.substr(comma + 1))));
  return split;
}

std::vector<std::string> bus_members(const std::string& name) {
  const std::size_t open = name.find('['), colon = name.find(':', open), close = name.find(']', open);
  if (open == std::string::npos || colon == std::string::npos || close == std::string::npos || colon > close) return {};
  const std::optional<double> first = whole_number(name.substr(open + 1, colon - open - 1)), last = whole_number(name.substr(colon + 1, close - colon - 1));
  if (!first || !last || std::abs(*last - *first) > 1e6) return {};
  std::vector<std::string> members;
  const int step = *last < *first ? -1 : 1;
  for (int k = static_cast<int>(*first); k != static_cast<int>(*last) + step; k += step)
    members.push_back(name.substr(0, open + 1) + std::to_string(k) + name.substr(close));
  return members;
}

bool glob(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p, ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  return p < pattern.size() ? pattern.find_first_not_of('*', p) == std::string_view::npos : true;
}

}  // namespace settle
