// Reads traces, its own and those of a run that still writes or was killed.
#pragma once

#include <complex>
#include <memory>
#include <string>
#include <vector>

#include "sim/trace_attribute.hpp"

namespace settle {

/// One dataset over the rows of its group.
struct TraceArray {
  std::string name, unit, label_axis;
  std::vector<std::string> labels;
  bool complex = false;
  std::size_t samples = 1;
  std::vector<std::complex<double>> values;  ///< row, then sample, then label

  /// The signal with this label over all rows; throws Error(Fault::usage) naming the labels there are.
  std::vector<std::complex<double>> column(const std::string& label, std::size_t sample = 0) const;
};

/// What is known of a group without reading its values.
struct TraceOutline {
  struct Dataset {
    std::string name, unit, label_axis;
    std::vector<std::string> labels = {};
    bool complex = false;
    std::size_t samples = 1;
  };
  std::string path;  ///< "/tran1/step0001"
  std::string axis = {}, unit = {};
  std::size_t rows = 0;  ///< complete ones: all datasets have them
  double first = 0, last = 0;
  std::vector<Dataset> datasets = {};
  Attributes attributes = {};
};

/// A table beside the analyses.
struct TraceNumbers {
  std::string unit, long_name, flags;  ///< flags: meanings of 0, 1, ... between blanks
  std::vector<std::size_t> shape;
  std::vector<double> values;          ///< the last axis runs fastest
  Attributes attributes;
};

class TraceReader {
 public:
  /// Throws Error(Fault::file) where there is no trace or it is too damaged to open.
  explicit TraceReader(const std::string& path);
  ~TraceReader();

  const Attributes& attributes() const { return attributes_; }
  /// A text attribute of the file; empty where there is none.
  std::string text(const std::string& attribute) const;
  std::string netlist() const;
  /// All groups with an axis, in the order of their creation.
  const std::vector<TraceOutline>& groups() const { return groups_; }
  const TraceOutline& group(const std::string& path) const;

  std::vector<double> axis(const std::string& group) const;
  TraceArray array(const std::string& group, const std::string& dataset) const;
  /// Names in a group of tables ("/effective/resistor"), in the order of their creation; none if there is no such group.
  std::vector<std::string> members(const std::string& group) const;
  Attributes attributes(const std::string& group) const;
  std::vector<std::string> texts(const std::string& path) const;
  TraceNumbers numbers(const std::string& path) const;
  /// True where plain tools refuse the file, because its writer lives or was killed.
  bool unfinished() const { return unfinished_; }

 private:
  struct State;
  std::unique_ptr<State> state_;
  Attributes attributes_;
  std::vector<TraceOutline> groups_;
  bool unfinished_ = false;
};

}  // namespace settle
