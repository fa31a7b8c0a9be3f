// Plan of a measure: a `.measure` card, understood.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "circuits/measure_signals.hpp"

namespace settle {

/// A number of a card: known, or an expression with other measures in it.
struct MeasureNumber {
  Phrase phrase;
  std::optional<double> value;
  std::set<std::string> needs;  // measures
};

enum class Edge { cross, rise, fall };

/// A point on the axis: given, or where a signal reaches a level or another signal.
struct EventPlan {
  std::optional<MeasureNumber> at;
  std::size_t signal = 0;
  std::optional<std::size_t> other;
  MeasureNumber level;          // if there is no other signal
  Edge edge = Edge::cross;
  long count = 1;               // 0: the last one
  std::optional<MeasureNumber> from, to;  // only crossings between them count
};

enum class MeasureFunction { delay, when, find, derivative, minimum, maximum, range, average, rms, integral, minimum_at, maximum_at, formula };

struct MeasurePlan {
  std::string name;
  Location where;
  MeasureFunction function = MeasureFunction::formula;
  std::optional<std::size_t> signal;
  std::optional<EventPlan> begin, end;    // TRIG and TARG; an event to look at is `begin`
  std::optional<MeasureNumber> from, to;  // a window given by numbers
  MeasureNumber formula;
  std::set<std::string> needs;            // measures that must be known before this one can be worked out

  bool windowed() const { return function >= MeasureFunction::minimum && function <= MeasureFunction::maximum_at; }
};

/// Reads one card; nothing after errors were reported.
std::optional<MeasurePlan> read_measure(const MeasureCard& card, const MeasureContext& context, MeasureSignals& signals);

/// The value of a number once the measures it needs are known; NaN if it has none.
double number_value(const MeasureNumber& number, const MeasureNames& names);

}  // namespace settle
