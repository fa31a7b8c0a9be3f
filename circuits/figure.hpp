// Figure: a number a deck is about, with its published value; claim: a sentence about figures that is true or not. Both as a run found them.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace settle {

struct Figure {
  std::string name, text, unit, published;
  std::string of, at;             // as the deck has them
  std::vector<std::size_t> over;  // the stepped parameters it varies with, by number
  std::vector<double> values;     // one per step of the run; NaN where there is none
  std::string failure;            // why a value is missing
};

enum class Verdict { undecided, holds, fails };

struct Claim {
  std::string text, expression;
  Verdict verdict = Verdict::undecided;
  std::string why;  // it fails, or cannot be decided; the figures it speaks of
};

/// One line of a figure: the mean over seeds.
struct FigureRow {
  std::vector<double> at;  // values of the parameters it varies with, seeds left out
  double mean = 0.0;       // NaN without any value
  double deviation = 0.0;  // of a sample; NaN for fewer than two seeds
  std::size_t seeds = 0;
};

struct FigureReport {
  std::vector<std::string> parameters;     // stepped, "seed" among them
  std::vector<std::vector<double>> steps;  // their values, step by step
  std::vector<Figure> figures;
  std::vector<Claim> claims;

  bool empty() const { return figures.empty() && claims.empty(); }
  const Figure* find(std::string_view name) const;
  /// The parameters a figure varies with besides the seed, by number.
  std::vector<std::size_t> stepped(const Figure& figure) const;
  /// The line of a figure that a step belongs to.
  FigureRow row(const Figure& figure, std::size_t step) const;
  /// Lines in the order of the steps; one for a figure that varies with the seed at most.
  std::vector<FigureRow> rows(const Figure& figure) const;
  /// One step for every combination of these parameters.
  std::vector<std::size_t> distinct(const std::vector<std::size_t>& parameters) const;
  /// "no value: why", or where the first of some missing ones is; "" if none is missing.
  std::string missing(const Figure& figure) const;
  /// Different seeds of the run, 1 if they are not stepped.
  std::size_t seeds() const;
  /// "lambda=1 angle=90": the values of some parameters at a step.
  std::string place(const std::vector<std::size_t>& parameters, std::size_t step) const;
};

}  // namespace settle
