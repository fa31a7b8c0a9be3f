// Netlist: a deck after parameters, subcircuits and buses are worked out: flat devices by node name, and what is to be done with them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "circuits/array.hpp"
#include "circuits/mismatch.hpp"
#include "devices/kind.hpp"

namespace settle {

struct Card;
struct WriteSetting;

/// Where an input of a behavioural expression comes from.
struct InputSource {
  enum class What { voltage, current, time, temperature /* degrees Celsius */, given /* from outside the circuit: a target */ };
  What what = What::time;
  std::string plus, minus;  // nodes; or the device whose current it is, in `plus`
  Index number = 0;         // of a given value
};

struct BehaviouralText {
  Expression expression;
  std::vector<InputSource> inputs;  // as expression.inputs()
};

/// A device with its nodes still by name. All names are lower case and hierarchical ("x1.r3").
struct FlatDevice {
  const Kind* kind = nullptr;
  std::string name;
  Location where;                    // of its name
  std::vector<std::string> nodes;    // ground is "0"
  std::vector<Location> node_where;
  std::map<std::string, double> values;  // fields given, model and instance merged
  std::string model;                 // "" without
  std::string model_type;
  std::vector<BehaviouralText> expressions;
  std::vector<std::string> references;   // full names of devices whose current it reads
  std::shared_ptr<const Waveform> waveform;
  std::string waveform_text;             // "pulse(0 1 1e-06)": the call that made it, in numbers
  SmallSignal small_signal;
  std::shared_ptr<const WriteSetting> write;  // how it answers a requested change of conductance; null: not said
  std::vector<std::string> path;     // instances it lies in, outermost first, for messages
};

/// A word of an analysis card after expressions were evaluated.
struct Word {
  std::string text;               // lower case, as written
  std::optional<double> value;    // if it is a number or an expression
  Location where;
};

/// `.op`, `.dc`, `.tran`, ...: the words behind the dot-word, and key=value pairs.
struct AnalysisCard {
  std::string kind;                            // "tran"
  std::vector<Word> words;
  std::vector<std::pair<std::string, Word>> options;
  Location where;
  const Card* card = nullptr;                  // as the deck has it
  std::vector<std::vector<double>> crossings;  // what Analysis::complete worked out, one list per group of devices
};

/// One requested output: `v(a)`, `v(a,b)`, `i(dev)`, `p(dev)`, `@dev[param]`, `dev#state`, wildcards, or a whole expression.
struct OutputRequest {
  std::string text;           // as the user wrote it, lower case
  std::string analysis;       // "tran", "" for all
  Location where;
};

/// `.measure [tran|ac|dc|op] name ...`: words as written; the measure module gives them meaning.
struct MeasureCard {
  std::string analysis, name;
  std::vector<Word> words;
  Location where;
};

/// `.save_array`: a quantity of all crossings at the end of an analysis, as a matrix in a file.
struct ArraySave {
  std::string analysis;       // "tran", "" for all that end in a state
  std::string array;          // what the devices' names begin with: "xb", "xb.back"
  std::string quantity;       // of the devices, or a field
  std::string file;           // sim/matrix_file.hpp
  Location where, array_where, quantity_where, file_where;
};

/// One dimension of a `.step`; several cards nest, the first is the innermost.
struct StepCard {
  enum class Target { parameter, device_field, temperature, seed };
  Target target = Target::parameter;
  std::string name;           // parameter, or device
  std::string field;          // of the device
  std::vector<double> values;
  Location where;
};

/// The parameter as results name it: "@r1[r]" for a device's field.
std::string name_of(const StepCard& card);

struct Netlist {
  std::string title;
  std::vector<FlatDevice> devices;
  std::vector<FlatArray> arrays;
  std::vector<std::string> nodes;                   // in order of appearance, without ground
  std::unordered_map<std::string, Location> node_where;  // first use
  std::unordered_map<std::string, std::string> ports;    // "x1.in": the node that port of an instance is tied to
  std::map<std::string, double> parameters;         // top level, evaluated
  std::map<std::string, Word> options;              // known and unknown alike; the options table knows which
  std::vector<AnalysisCard> analyses;
  std::vector<AnalysisCard> settings;               // .teach and the like
  std::vector<OutputRequest> outputs;               // .save .print .probe
  std::vector<MeasureCard> measures;
  std::vector<ArraySave> array_saves;
  std::vector<StepCard> steps;
  std::vector<MismatchCard> mismatches;
  std::vector<DrawnValue> drawn;                    // what they drew, once the netlist is finished
  std::vector<DrawnCrossings> drawn_crossings;
  std::vector<std::pair<std::string, Word>> initial;   // .ic v(node)=value
  std::vector<std::pair<std::string, Word>> guesses;   // .nodeset
  double temperature = 27.0;                           // degrees Celsius
  std::uint64_t seed = 1;                              // of every random number in it
};

/// The kind of the device of that name, of a card or in an array; nullptr if there is none.
const Kind* kind_of_device(Netlist& netlist, std::string_view name);

}  // namespace settle
