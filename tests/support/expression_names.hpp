// Surroundings for expressions under test: parameters, user functions and a random stream from tables.
#pragma once

#include <map>
#include <string>

#include "sim/expression.hpp"

namespace settle {

struct TableNames : Names {
  std::map<std::string, double, std::less<>> parameters;
  std::map<std::string, UserFunction, std::less<>> functions;
  mutable Stream stream{1, "test"};

  std::optional<double> parameter(std::string_view name) const override {
    const auto it = parameters.find(name);
    return it == parameters.end() ? std::nullopt : std::optional(it->second);
  }
  const UserFunction* function(std::string_view name) const override {
    const auto it = functions.find(name);
    return it == functions.end() ? nullptr : &it->second;
  }
  std::vector<std::string> known() const override {
    std::vector<std::string> names;
    for (const auto& entry : parameters) names.push_back(entry.first);
    for (const auto& entry : functions) names.push_back(entry.first);
    return names;
  }
  Stream* random() const override { return &stream; }
};

}  // namespace settle
