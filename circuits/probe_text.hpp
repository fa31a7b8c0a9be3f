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

/// Lower-case text as the deck has it. Hierarchy may be written with ':' too; `all`, `allv`, `alli`, `allp` are wildcards.
ProbeText split_probe(const std::string& text);

/// True if `name` fits a pattern in which * stands for anything.
bool glob(std::string_view pattern, std::string_view name);

}  // namespace settle
