// Reading values per crossing: an expression is parsed once and evaluated at every crossing.
#include "circuits/crossing_values.hpp"

#include <fmt/format.h>

#include <cmath>

#include "circuits/deck_path.hpp"
#include "circuits/value_names.hpp"
#include "sim/error.hpp"
#include "sim/expression_own.hpp"
#include "sim/matrix_file.hpp"

namespace settle {
namespace {

/// Parameters in scope, and a crossing's own row, column and random numbers.
class CrossingNames final : public ValueNames, public OwnQuantities {
 public:
  using ValueNames::ValueNames;
  bool owns(std::string_view name) const override { return name == "row" || name == "col"; }
  std::vector<std::string> known() const override {
    std::vector<std::string> names = ValueNames::known();
    names.insert(names.end(), {"row", "col"});
    return names;
  }
};

class Reader {
 public:
  Reader(const Scope& scope, const Card& card, std::string_view word, const CrossingShape& shape, const CrossingOwner& owner)
      : scope_(scope), card_(card), word_(word), shape_(shape), owner_(owner) {}

  CrossingValues read() {
    constexpr std::string_view file = "file:";
    if (word_.substr(0, file.size()) == file) return from_file(word_.substr(file.size()));
    if (word_.front() == '"') return from_file(word_);
    return from_expression();
  }

 private:
  void error(const std::string& text) { scope_.error(card_.where(word_), text); }

  CrossingValues from_file(std::string_view word) {
    if (!scope_.elaboration().deck.includes) return error("files cannot be read here"), CrossingValues{};
    const std::string spec = deck_path(card_, std::string(card_.line.original(unquoted(word))));
    try {
      return spread(read_matrix(spec), spec);
    } catch (const Error& e) {
      return error(e.what()), CrossingValues{};
    }
  }

  CrossingValues spread(const Block<double>& matrix, const std::string& spec) {
    const auto rows = static_cast<std::size_t>(matrix.rows()), columns = static_cast<std::size_t>(matrix.cols());
    if (rows != shape_.rows || columns != shape_.columns) {
      const bool turned = rows == shape_.columns && columns == shape_.rows;
      error(fmt::format("'{}' holds {} x {} numbers, but '{}' has {} row{} and {} column{}{}", spec, rows, columns, owner_.array, shape_.rows,
                        shape_.rows == 1 ? "" : "s", shape_.columns, shape_.columns == 1 ? "" : "s", turned ? "; is the matrix to be transposed?" : ""));
      return {};
    }
    CrossingValues values{{}, spec};
    values.value.reserve(shape_.count());
    for (std::size_t i = 0; i < shape_.rows; ++i)
      for (std::size_t j = 0; j < shape_.width(); ++j) values.value.push_back(matrix(static_cast<Index>(i), static_cast<Index>(j / shape_.split)));
    return values;
  }

  CrossingValues from_expression() {
    if (unclosed(word_)) return {};  // reported when the card was taken into words
    const bool braced = word_.front() == '{' || word_.front() == '\'';
    if (!braced) return std::isnan(plain_number()) ? CrossingValues{} : CrossingValues{{plain_}, ""};
    const std::string_view text = unquoted(word_);
    const ValueContext context;
    const ParsedExpression parsed = parse_expression(text, CrossingNames(scope_, card_, context, ExpressionUse::parameter, text), ExpressionUse::parameter);
    const auto place = [&](const Problem& p) { return card_.where(text.substr(std::min(p.offset, text.size()), std::max<std::size_t>(1, p.length))); };
    for (const Problem& problem : parsed.problems) scope_.error(place(problem), problem.text);
    for (const Problem& problem : parsed.warnings) scope_.warning(place(problem), problem.text);
    if (!parsed.problems.empty()) return {};
    const Expression& expression = parsed.expression;
    return expression.inputs().empty() ? checked(expression, {{expression.eval<double>({})}, ""}) : evaluated(expression);
  }

  double plain_number() { return plain_ = scope_.number(card_, word_, {.owner = owner_.array}); }

  CrossingValues evaluated(const Expression& expression) {
    CrossingValues values;
    values.value.reserve(shape_.count());
    std::vector<double> inputs(expression.inputs().size());
    for (std::size_t i = 0; i < shape_.rows; ++i)
      for (std::size_t j = 0; j < shape_.width(); ++j) {
        set(expression, i, j, inputs);
        values.value.push_back(expression.eval<double>(inputs));
      }
    return checked(expression, std::move(values));
  }

  void set(const Expression& expression, std::size_t i, std::size_t j, std::vector<double>& inputs) const {
    const Stream stream = crossing_stream(scope_.elaboration().seed, owner_, i, j);
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const std::string& own = expression.inputs()[k].names[1];
      const std::size_t blank = own.find(' ');
      if (blank == std::string::npos) inputs[k] = static_cast<double>(own == "row" ? i : j / shape_.split);
      else inputs[k] = own[0] == 'n' ? stream.normal_at(std::stoul(own.substr(blank))) : stream.uniform_at(std::stoul(own.substr(blank)));
    }
  }

  CrossingValues checked(const Expression& expression, CrossingValues values) {
    for (std::size_t k = 0; k < values.value.size(); ++k) {
      if (std::isfinite(values.value[k])) continue;
      std::vector<double> inputs(expression.inputs().size());
      set(expression, k / shape_.width(), k % shape_.width(), inputs);
      const auto problem = expression.locate_nan(inputs);
      error(fmt::format("{} of {} is {}: {}", owner_.field, crossing_name(owner_.array, shape_, k), values.value[k], problem ? problem->text : "it must be finite"));
      return {};
    }
    return values;
  }

  const Scope& scope_;
  const Card& card_;
  std::string_view word_;
  const CrossingShape& shape_;
  const CrossingOwner& owner_;
  double plain_ = 0.0;
};

}  // namespace

CrossingValues read_crossing_values(const Scope& scope, const Card& card, std::string_view word, const CrossingShape& shape, const CrossingOwner& owner) {
  return Reader(scope, card, word, shape, owner).read();
}

std::string crossing_name(const std::string& array, const CrossingShape& shape, std::size_t crossing) {
  return fmt::format("{}[{},{}]", array, crossing / shape.width(), crossing % shape.width());
}

Stream crossing_stream(std::uint64_t seed, const CrossingOwner& owner, std::size_t row, std::size_t column) {
  return Stream(seed, "crossing " + owner.field, owner.array, static_cast<std::uint64_t>(row) << 32 | static_cast<std::uint64_t>(column));
}

}  // namespace settle
