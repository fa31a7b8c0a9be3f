// Delimited text: one line as cells, whatever separates them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace settle {

/// A stretch of a line, without the blanks and the quotes round it.
struct DelimitedCell {
  std::string_view text;
  std::size_t column;  // from 1, in bytes
};

/// Semicolons win over tabs, those over commas, those over blanks: what a comma separates may hold blanks, never the other way round.
char separator_of(std::string_view line);
/// The separator ' ' stands for any blanks; another one inside double quotes separates nothing.
void split_cells(std::string_view line, char separator, std::vector<DelimitedCell>& cells);
/// Without the blanks, tabs and line ends round it.
std::string_view trimmed_cell(std::string_view text);

/// A cell as a number, SPICE's scale factors included.
std::optional<double> number_in_cell(std::string_view text);
/// Why a cell is no number and how one is written.
std::string not_a_number(std::string_view text, char separator);

/// "data.csv:3:17": bytes before `column` are counted as characters.
std::string place_in_file(const std::string& path, int line, std::string_view text, std::size_t column);

}  // namespace settle
