// One group of a trace: creates its datasets and scales, then streams rows into them.
#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "sim/trace_file.hpp"
#include "sim/trace_plan.hpp"

namespace settle {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto live_interval = std::chrono::seconds(1);  // between partial flushes of a file that is not compressed
constexpr auto publish_interval = std::chrono::milliseconds(200);
constexpr std::size_t rows_between_looks = 16;  // at the clock

void describe(hid_t dataset, const std::string& long_name, const std::string& unit) {
  if (!long_name.empty()) hdf5::write_attribute(dataset, "long_name", long_name);
  hdf5::write_attribute(dataset, "units", unit.empty() ? "1" : unit);
}

void attach(hid_t dataset, hid_t scale, unsigned axis) {
  hdf5::check(H5DSattach_scale(dataset, scale, axis), "attach a dimension scale");
}

hdf5::Handle sample_scale(hid_t group, std::size_t samples) {
  auto dataset = hdf5::create_dataset(group, "sample", H5T_NATIVE_INT64, hdf5::space_of({samples}));
  std::vector<std::int64_t> indices(samples);
  for (std::size_t k = 0; k < samples; ++k) indices[k] = static_cast<std::int64_t>(k);
  hdf5::check(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, indices.data()), "write", "sample");
  hdf5::check(H5DSset_scale(dataset, "sample"), "make a dimension scale of", "sample");
  describe(dataset, "sample of the batch", "1");
  return dataset;
}

std::size_t widest_row(const TracePlan& plan) {
  std::size_t bytes = sizeof(double);
  for (const auto& dataset : plan.datasets) bytes = std::max(bytes, dataset.shape.row_doubles() * sizeof(double));
  return bytes;
}

}  // namespace

TraceGroup::State::State(TraceFile& owner, std::string group_path, TraceLayout description)
    : file(owner), path(std::move(group_path)), layout(std::move(description)), last_flush(Clock::now()) {
  const auto plan = plan_trace(layout);
  chunk = chunk_rows(widest_row(plan), layout.expected_rows);
  const auto group = hdf5::require_group(file.handle, path);
  hdf5::write_attributes(group, layout.attributes);
  hdf5::reserve(group, 768);
  const auto create = [&](const TraceDataset& dataset, hid_t complex_type) {
    return dataset.create(group, complex_type, chunk, layout.expected_rows, file.options.compress);
  };
  TraceDataset axis_dataset({plan.axis, {}, {{0, 1}}, false});
  const auto axis = create(axis_dataset, H5I_INVALID_HID);
  hdf5::check(H5DSset_scale(axis, plan.axis.c_str()), "make a dimension scale of", plan.axis);
  describe(axis, layout.axis.long_name, layout.axis.unit);
  if (layout.axis.name == "time") hdf5::write_attribute(axis, "axis", "T");
  const auto sample = layout.samples > 1 ? sample_scale(group, layout.samples) : hdf5::Handle();
  std::vector<hdf5::Handle> labels;
  for (const auto& [name, texts] : plan.labels) labels.push_back(hdf5::write_labels(group, name, texts));
  const auto complex_type = layout.complex ? hdf5::open_object(file.handle, "/complex128") : hdf5::Handle();
  for (const auto& [shape, unit, long_name, label] : plan.datasets) {
    const auto dataset = create(datasets.emplace_back(shape), complex_type);
    describe(dataset, long_name, unit);
    attach(dataset, axis, 0);
    if (sample.open()) attach(dataset, sample, 1);
    attach(dataset, labels[label], sample.open() ? 2 : 1);
  }
  datasets.push_back(std::move(axis_dataset));
}

void TraceGroup::State::write() {
  const std::size_t rows = std::exchange(buffered, 0);  // what cannot be written is not tried again
  for (auto& dataset : datasets) dataset.write(file.handle, path, written, rows);
  written += rows;
  last_flush = Clock::now();
}

void TraceGroup::State::flush() {
  const hdf5::Guard guard;
  write();
  if (written == layout.expected_rows) {
    file.unpublished = true;
    file.publish_finished();
  } else {
    for (auto& dataset : datasets) dataset.publish();
  }
}

void TraceFile::publish_finished() {
  if (!unpublished || Clock::now() - last_publish < publish_interval) return;
  hdf5::check(H5Fflush(handle, H5F_SCOPE_LOCAL), "flush file", path);
  unpublished = false;
  last_publish = Clock::now();
}

TraceGroup::TraceGroup(std::unique_ptr<State> state) : state_(std::move(state)) {}
TraceGroup::TraceGroup(TraceGroup&&) noexcept = default;
TraceGroup::~TraceGroup() = default;

void TraceGroup::append(double axis, std::span<const double> values) {
  if (state_->layout.complex) throw std::logic_error("trace group " + state_->path + " is complex, the row is real");
  append_row(axis, values.data(), values.size());
}

void TraceGroup::append(double axis, std::span<const std::complex<double>> values) {
  if (!state_->layout.complex) throw std::logic_error("trace group " + state_->path + " is real, the row is complex");
  append_row(axis, reinterpret_cast<const double*>(values.data()), values.size());
}

void TraceGroup::append_row(double axis, const double* values, std::size_t count) {
  State& s = *state_;
  if (!s.file.started || s.finished) throw std::logic_error("trace group " + s.path + " is not open for rows");
  if (const std::size_t wanted = s.layout.columns.size() * s.layout.samples; count != wanted) {
    throw std::logic_error(fmt::format("trace group {} takes {} values a row, not {}", s.path, wanted, count));
  }
  for (std::size_t k = 0; k + 1 < s.datasets.size(); ++k) s.datasets[k].append(values);
  s.datasets.back().append(&axis);
  ++s.buffered;
  const bool full = (s.written + s.buffered) % s.chunk == 0;
  const bool look = !s.file.options.compress && s.buffered % rows_between_looks == 0;
  if (full || (look && Clock::now() - s.last_flush > live_interval)) s.flush();
}

void TraceGroup::set(const std::string& name, Attribute value) { state_->late.emplace_back(name, std::move(value)); }

void TraceGroup::finish() {
  if (std::exchange(state_->finished, true)) return;
  const hdf5::Guard guard;
  if (state_->buffered > 0) state_->write();
  for (auto& dataset : state_->datasets) dataset.release();
  state_->file.unpublished = true;
  state_->file.publish_finished();
}

std::size_t TraceGroup::rows() const { return state_->written + state_->buffered; }
const std::string& TraceGroup::path() const { return state_->path; }

}  // namespace settle
