// The file of a trace from its creation to its summary; ways of failing are those of a file system.
#include "sim/trace.hpp"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>

#include "sim/error.hpp"
#include "sim/sha256.hpp"
#include "sim/trace_state.hpp"

namespace settle {
namespace {

using Clock = std::chrono::steady_clock;

const char* const status_numbers[] = {"fraction", "position", "step", "steps"};

const char* name_of(TraceEnd end) {
  switch (end) {
    case TraceEnd::finished: return "finished";
    case TraceEnd::failed: return "failed";
    case TraceEnd::interrupted: return "interrupted";
  }
  return "unknown";
}

Attributes file_attributes(const Provenance& p) {
  unsigned version[3];
  H5get_libversion(&version[0], &version[1], &version[2]);
  const std::string library = fmt::format("{}.{}.{}", version[0], version[1], version[2]);
  return {{"Conventions", "CF-1.10"},
          {"title", p.title},
          {"source", "settle " + p.version},
          {"history", p.start_time + ": " + p.command_line},
          {"format", "settle-trace"},
          {"format_version", std::int64_t{1}},
          {"version", p.version},
          {"commit", p.commit},
          {"compiler", p.compiler},
          {"simd", p.simd},
          {"hdf5", library},
          {"command_line", p.command_line},
          {"host", p.host},
          {"start_time", p.start_time},
          {"seed", static_cast<std::int64_t>(p.seed)},
          {"threads", std::int64_t{p.threads}},
          {"settings", p.settings},
          {"netlist_path", p.deck_path},
          {"netlist_sha256", sha256(p.deck_text)},
          {"status", "running"}};
}

void write_netlist(hid_t file, const Provenance& provenance) {
  hdf5::write_text(file, "netlist", provenance.deck_text);
  if (provenance.included_files.empty()) return;
  const auto folder = hdf5::require_group(file, "netlist_files");
  int count = 0;
  for (const auto& [path, text] : provenance.included_files) {
    const std::string name = fmt::format("file{}", ++count);
    hdf5::write_text(folder, name, text);
    hdf5::write_attribute(hdf5::open_object(folder, name), "path", path);
  }
}

// Written once before live readers come, or they would see zeros for ever.
void write_status(hid_t file, const TraceProgress& progress) {
  const double values[] = {progress.fraction, progress.position, progress.step, static_cast<double>(progress.steps)};
  for (std::size_t k = 0; k < std::size(values); ++k) {
    const std::string path = fmt::format("status/{}", status_numbers[k]);
    const auto dataset = hdf5::open_object(file, path);
    hdf5::check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &values[k]), "write", path);
    hdf5::check(H5Dflush(dataset), "flush", path);
  }
}

void create_status(hid_t file) {
  const auto group = hdf5::require_group(file, "status");
  for (const char* name : status_numbers) hdf5::create_dataset(group, name, H5T_NATIVE_DOUBLE, hdf5::space_of({}));
  write_status(file, {});
}

}  // namespace

Trace::Trace(const std::string& path, const Provenance& provenance, TraceOptions options)
    : state_(std::make_unique<State>()) {
  require_writable_trace(path);
  const hdf5::Guard guard;
  TraceFile& file = state_->file;
  file.path = path;
  file.options = options;
  file.handle = hdf5::create_file(path);
  hdf5::write_attributes(file.handle, file_attributes(provenance));
  hdf5::reserve(file.handle, 2048);
  write_netlist(file.handle, provenance);
  create_status(file.handle);
}

Trace::~Trace() {
  try {
    close(TraceEnd::failed, "the run ended without closing its trace");
  } catch (const std::exception&) {
    // A destructor has nobody to tell; close() is there for those who want to know.
  }
}

TraceGroup& Trace::group(const std::string& name, TraceLayout layout) {
  const hdf5::Guard guard;
  TraceFile& file = state_->file;
  if (file.started || state_->closed) throw std::logic_error("trace group " + name + " comes after the trace was started");
  if (layout.complex && H5Lexists(file.handle, "complex128", H5P_DEFAULT) == 0) {
    // Committed, for netCDF readers drop variables of an anonymous compound type without a word.
    hdf5::check(H5Tcommit2(file.handle, "complex128", hdf5::complex_type(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT),
                "commit the complex type");
  }
  auto group_state = std::make_unique<TraceGroup::State>(file, name, std::move(layout));
  state_->groups.push_back(TraceGroup(std::move(group_state)));
  return state_->groups.back();
}

void Trace::start() {
  const hdf5::Guard guard;
  TraceFile& file = state_->file;
  if (std::exchange(file.started, true)) return;
  hdf5::check(H5Fstart_swmr_write(file.handle), "start live writing of", file.path);
  state_->alive = FileLock::shared(file.path);
}

void Trace::progress(const TraceProgress& progress) {
  const auto now = Clock::now();
  const hdf5::Guard guard;
  state_->latest = progress;
  if (!state_->file.started || state_->closed || now - state_->last_status < std::chrono::milliseconds(200)) return;
  state_->last_status = now;
  write_status(state_->file.handle, progress);
  state_->file.publish_finished();
}

void Trace::set(const std::string& name, Attribute value) { state_->late.emplace_back(name, std::move(value)); }

void Trace::State::finish_groups() {
  std::exception_ptr first;
  for (auto& group : groups) {
    try {
      group.finish();
    } catch (const std::exception&) {
      if (!first) first = std::current_exception();
    }
  }
  if (file.started) write_status(file.handle, latest);
  if (first) std::rethrow_exception(first);
}

void Trace::State::summarize(TraceEnd end, const std::string& message) {
  file.handle = hdf5::open_file(file.path, H5F_ACC_RDWR);
  for (const auto& group : groups) {
    const auto object = hdf5::open_object(file.handle, group.path());
    Attributes last = group.state_->late;
    last.emplace_back("rows", static_cast<std::int64_t>(group.rows()));
    hdf5::write_last_attributes(object, last);
  }
  for (const auto& [path, attributes] : late_tables) hdf5::write_last_attributes(hdf5::open_object(file.handle, path), attributes);
  late.emplace_back("status", name_of(end));
  late.emplace_back("status_message", message);
  late.emplace_back("wall_seconds", std::chrono::duration<double>(Clock::now() - begin).count());
  hdf5::write_last_attributes(file.handle, late);
  hdf5::close_file(file.handle, file.path);
}

void Trace::close(TraceEnd end, const std::string& message) {
  const hdf5::Guard guard;
  State& s = *state_;
  if (!s.file.handle.open() || std::exchange(s.closed, true)) return;
  std::exception_ptr lost;
  try {
    s.finish_groups();
  } catch (const std::exception&) {
    lost = std::current_exception();
  }
  hdf5::close_file(s.file.handle, s.file.path);
  s.alive = {};
  s.summarize(lost ? TraceEnd::failed : end, lost ? "rows were lost: the file could not be written" : message);
  if (lost) std::rethrow_exception(lost);
}

const std::string& Trace::path() const { return state_->file.path; }

}  // namespace settle
