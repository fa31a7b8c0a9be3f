// Cards of devices and models for ngspice.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "circuits/export_spice_names.hpp"

namespace settle {

/// The `.model` cards of a deck; devices whose models say the same share one.
class SpiceModels {
 public:
  /// The name of the model with this content ("d(is=1e-14)").
  const std::string& name(const std::string& wanted, const std::string& content);
  /// All cards.
  std::string text() const { return text_; }

 private:
  std::map<std::string, std::string> by_content_;
  std::unordered_set<std::string> taken_;
  std::string text_;
};

/// Temperatures of a deck: the option tnom and .temp.
struct Celsius {
  double nominal, actual;
};

/// The card or cards of a device, without the last line end; Throws Error (netlist), without a place, if ngspice cannot say it.
std::string spice_card(const FlatDevice& device, const SpiceNames& names, SpiceModels& models, const Celsius& temperature);

}  // namespace settle
