// The figures of several traces as a page of Markdown.
#pragma once

#include <string>
#include <vector>

namespace settle {

struct FigurePage {
  std::vector<std::string> traces;  // in the order of the page
  std::string title;                // "" for a plain one
};

/// Throws Error(Fault::file) for a trace that cannot be read; one without figures gets a sentence.
std::string figure_page(const FigurePage& page);

}  // namespace settle
