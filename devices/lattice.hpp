// Lattice: many names by one rule, stem[i] or stem[i,j] with an ending: members of an array are named when somebody asks.
#pragma once

#include <algorithm>
#include <charconv>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scalar.hpp"

namespace settle {

struct Lattice {
  std::string stem;
  Index rows = 0;
  Index columns = 0;                                       // 0: one index only
  std::string ending = {};                                 // behind the bracket: "#x"
  std::shared_ptr<const std::vector<Index>> chosen = {};   // if some places are left out: those that are not, ascending

  Index places() const { return columns ? rows * columns : rows; }
  Index count() const { return chosen ? static_cast<Index>(chosen->size()) : places(); }
  Index place(Index k) const { return chosen ? (*chosen)[static_cast<std::size_t>(k)] : k; }

  std::string name(Index k) const {
    const Index at = place(k);
    std::string text = stem + "[" + std::to_string(columns ? at / columns : at);
    if (columns) text += "," + std::to_string(at % columns);
    return text + "]" + ending;
  }
  /// The member of that name, or -1.
  Index find(std::string_view name) const {
    const std::size_t length = stem.size() + ending.size() + 2;
    if (name.size() <= length || name.substr(0, stem.size()) != stem || name[stem.size()] != '[') return -1;
    if (name.substr(name.size() - ending.size()) != ending || name[name.size() - ending.size() - 1] != ']') return -1;
    const char *at = name.data() + stem.size() + 1, *end = name.data() + name.size() - ending.size() - 1;
    Index i = -1, j = 0;
    auto read = std::from_chars(at, end, i);
    if (read.ec != std::errc() || i < 0 || i >= rows) return -1;
    if (columns) {
      if (read.ptr == end || *read.ptr != ',') return -1;
      read = std::from_chars(read.ptr + 1, end, j);
      if (read.ec != std::errc() || j < 0 || j >= columns) return -1;
    }
    return read.ptr == end ? member(columns ? i * columns + j : i) : -1;
  }

 private:
  Index member(Index at) const {
    if (!chosen) return at;
    const auto it = std::lower_bound(chosen->begin(), chosen->end(), at);
    return it != chosen->end() && *it == at ? static_cast<Index>(it - chosen->begin()) : -1;
  }
};

}  // namespace settle
