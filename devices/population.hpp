// Population: what hand-written elements share, names, places and parameter values of devices of one kind.
#pragma once

#include "devices/kind.hpp"

namespace settle {

/// An element whose parameters are looked up by name; `derive` is told when they change.
class Population : public Element {
 public:
  const Kind& kind() const override { return kind_; }
  Index count() const override { return static_cast<Index>(member_.size()); }
  std::string name(Index k) const override { return member(k).name; }
  Location where(Index k) const override { return member(k).where; }
  std::vector<Index> rows(Index k) const override;

  double field(Index k, std::size_t field) const override { return member(k).value[field]; }
  void set_field(Index k, std::size_t field, double value) override;
  void prepare(const Environment& environment) override;

 protected:
  Population(const Kind& kind, std::span<const Instance> instances, const Environment& environment);

  const Environment& environment() const { return environment_; }
  const std::vector<Index>& terminals(Index k) const { return member(k).rows; }
  double value(Index k, std::string_view field) const { return member(k).value[kind_.field_index(field)]; }
  /// A state row of a device, for messages and structure checks.
  void own(Index k, Index row) { member_[static_cast<std::size_t>(k)].rows_of_states.push_back(row); }
  /// Parameters or temperature of a device changed.
  virtual void derive(Index /*device*/) {}

 private:
  struct Member {
    std::string name;
    Location where;
    std::vector<Index> rows, rows_of_states;
    std::vector<double> value;  // as kind().fields
  };
  const Member& member(Index k) const { return member_[static_cast<std::size_t>(k)]; }

  const Kind& kind_;
  Environment environment_;
  std::vector<Member> member_;
};

}  // namespace settle
