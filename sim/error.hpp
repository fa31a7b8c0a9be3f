// Errors by who must act; thrown where the cause is known, printed once in main.cpp.
#pragma once

#include <stdexcept>
#include <string>

namespace settle {

/// The value is the program's exit code.
enum class Fault { simulation = 1, usage = 2, netlist = 3, file = 4, interrupted = 130 };

class Error : public std::runtime_error {
 public:
  Error(Fault fault, const std::string& text) : std::runtime_error(text), fault_(fault) {}
  Fault fault() const { return fault_; }

 private:
  Fault fault_;
};

}  // namespace settle
