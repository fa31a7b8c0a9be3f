// Write models of a deck: `.model NAME soft_bounds(dw=0.002 gmin=1u gmax=50u)`, found by the name behind write=.
#pragma once

#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "circuits/scope.hpp"
#include "devices/write.hpp"

namespace settle {

class WriteModels {
 public:
  /// The write model called `word` in `scope`, or a model or preset of that name with its own values; nullptr after an error was reported.
  std::shared_ptr<const WriteSetting> find(const Scope& scope, const Card& card, std::string_view word);
  /// Reads those nothing refers to, so that every mistake is found.
  void check_all(const Scope& scope);

 private:
  std::shared_ptr<const WriteSetting> read(const ModelCard& card, const Scope& home);

  std::map<std::pair<const ModelCard*, const Scope*>, std::shared_ptr<const WriteSetting>> known_;
};

}  // namespace settle
