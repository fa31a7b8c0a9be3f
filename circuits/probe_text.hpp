// The text of a probe taken apart: function and arguments, @device[parameter], or an expression.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace settle {

struct ProbeText {
  enum class Form { function, field, expression, unknown };
  Form form = Form::unknown;
  std::string function;                // "v", "i", a quantity, or the parameter of @device[parameter]
  std::vector<std::string> arguments;  // nodes, or the device; the expression's text
};

/// Lower-case text as the deck has it; a bare name is a node. Hierarchy may be written with ':' too; `all`, `allv`, `alli`, `allp` are wildcards.
ProbeText split_probe(const std::string& text);

/// h[1:3] as h[1], h[2], h[3]; nothing if the name is no range.
std::vector<std::string> bus_members(const std::string& name);

/// True if `name` fits a pattern in which * stands for anything.
bool glob(std::string_view pattern, std::string_view name);

}  // namespace settle
