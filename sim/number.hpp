// Numbers as netlists write them (4.7k, 10meg, 1e-3, 2.2uF), and numbers as people like to read them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace settle {

/// What `parse_number` found at the start of a text.
struct ParsedNumber {
  double value = 0.0;
  std::size_t length = 0;              // characters that belong to the number, unit letters and garbage included; 0: no number here
  std::optional<std::string> problem;  // what is wrong with it and what to write instead
  std::optional<std::string> warning;  // a doubtful reading
  bool infix_scale = false;            // written as 4k7: fit for R, C and L, with a note
  explicit operator bool() const { return length > 0 && !problem; }
};

/// Reads a number with SPICE's scale factors, without regard to case: t g meg k mil m u n p f; letters after them are a unit and ignored.
/// A leading sign belongs to the number.
ParsedNumber parse_number(std::string_view text);

/// The whole text as a number; nothing if anything is left over or wrong.
std::optional<double> whole_number(std::string_view text);

/// "4.7 kOhm", "1.5 us", "0 V": at most `digits` significant digits.
std::string format_engineering(double value, std::string_view unit, int digits = 4);

/// The shortest text that reads back as the same double.
std::string format_exact(double value);

}  // namespace settle
