// settle: the command line. Arguments in, a result on standard output, at most one error on standard error, an exit code.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>

#include "circuits/dual_rail.hpp"
#include "circuits/effective_report.hpp"
#include "circuits/export_spice.hpp"
#include "circuits/figure_table.hpp"
#include "circuits/figure_text.hpp"
#include "circuits/fit.hpp"
#include "circuits/listing.hpp"
#include "circuits/report.hpp"
#include "circuits/report_terminal.hpp"
#include "circuits/report_version.hpp"
#include "circuits/run.hpp"
#include "sim/number.hpp"
#include "sim/suggest.hpp"
#include "sim/trace_describe.hpp"
#include "sim/trace_repair.hpp"

namespace {

using namespace settle;

volatile std::sig_atomic_t interrupted = 0;

/// The first signal asks the run to end; a second one ends it.
void on_signal(int signal) { interrupted = 1, std::signal(signal, SIG_DFL); }

struct Arguments {
  RunRequest request;
  RunReport report;
  FitRequest fit;
  std::vector<std::string> set, fix, start;
  bool quiet = false, json = false, markdown = false;
  std::string target = "ngspice", output, topic, name, file;
  FigurePage page;
};

void print(const std::string& text, std::FILE* stream = stdout) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0;
  if (!written && stream == stdout) throw Error(Fault::file, "standard output cannot be written");
}

void print_diagnostics(const Diagnostics& found) { print(found.render(shows_color(STDERR_FILENO)), stderr); }

std::pair<std::string, double> assignment(const std::string& text, const std::string& option = "--set") {
  const std::size_t sign = text.find('=');
  const std::optional<double> value = sign == std::string::npos ? std::nullopt : whole_number(text.substr(sign + 1));
  if (value && sign > 0) return {lower_case(text.substr(0, sign)), *value};
  throw Error(Fault::usage, option + " " + text + " is not name=value; values are numbers as in a deck, such as " + option + " r=4.7k");
}

/// `--set a=1 b=2 DECK`: CLI11 takes every word behind --set, the deck's name too.
void sort_words(Arguments& a) {
  if (a.request.deck.empty() && !a.set.empty() && a.set.back().find('=') == std::string::npos) {
    a.request.deck = a.set.back();
    a.set.pop_back();
  }
  if (a.request.deck.empty()) throw Error(Fault::usage, "a deck is missing, such as netlists/rectifier.cir");
  if (a.request.deck == "-") a.request.deck = "/dev/stdin";
  for (const std::string& text : a.set) a.request.set.push_back(assignment(text));
}

/// Prints what was found wrong, as text or, with --json, with the error in one document.
int fail(const Arguments& a, const Error& error, const Diagnostics* found) {
  if (found) print_diagnostics(*found);
  if (error.fault() != Fault::netlist || !found || !found->has_errors()) print(std::string("settle: ") + error.what() + "\n", stderr);
  if (!a.json && !a.quiet) print(figures_text(a.report.figures, {shows_unicode(), terminal_width(STDOUT_FILENO)}));
  if (!a.report.analyses.empty()) print("what was computed is in " + a.report.trace + "\n", stderr);
  if (a.json) print(json_failure(a.request.deck, error.what(), a.report, found));
  return static_cast<int>(error.fault());
}

void run_command(Arguments& a, LoadedDeck& deck) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, on_signal);
  ProgressLine line;
  a.request.interrupted = [] { return interrupted != 0; };
  if (!a.quiet) a.request.progress = [&line](double fraction, const std::string& what) { line.update(fraction, what); };
  run(deck, a.request, a.report);
  line.clear();
  print_diagnostics(diagnostics(deck));
  if (a.json) print(json_report(a.report, diagnostics(deck)));
  else if (!a.quiet) print(text_report(a.report, {shows_unicode(), terminal_width(STDOUT_FILENO)}));
}

void check_command(const Arguments& a, LoadedDeck& deck) {
  const CircuitSummary circuit = check(deck);
  const Diagnostics& found = diagnostics(deck);
  if (found.has_errors()) throw Error(Fault::netlist, "the netlist has errors");
  print_diagnostics(found);
  print(a.json ? json_check(a.request.deck, circuit, found) : text_check(netlist(deck).title, circuit, found));
}

void export_command(const Arguments& a, LoadedDeck& deck) {
  check(deck);
  const std::string text = diagnostics(deck).has_errors() ? "" : export_ngspice(netlist(deck), diagnostics(deck));
  if (diagnostics(deck).has_errors()) throw Error(Fault::netlist, "the netlist has errors");
  print_diagnostics(diagnostics(deck));
  if (a.output.empty()) print(text);
  else if (protect_sources(deck, a.output); !(std::ofstream(a.output) << text).flush()) throw Error(Fault::file, "cannot write '" + a.output + "'");
}

void list_command(const Arguments& a) {
  print(listing(a.topic, a.name, a.markdown ? ListingForm::markdown : ListingForm::text, static_cast<std::size_t>(terminal_width(STDOUT_FILENO))));
}

void info_command(const Arguments& a) {
  const TraceReader trace(a.file);
  print(a.name.empty() ? describe(trace) : describe_effective(trace, lower_case(a.name)));
}

void fit_command(Arguments& a) {
  for (const std::string& text : a.fix) a.fit.fixed.insert(assignment(text, "--fix"));
  for (const std::string& text : a.start) a.fit.start.insert(assignment(text, "--start"));
  const FitReport report = fit(a.fit);
  if (!a.output.empty()) write_fit(a.output, report);
  print(fit_text(report, shows_unicode(), static_cast<std::size_t>(terminal_width(STDOUT_FILENO))));
}

/// A command on a deck; what is known of the deck is shown with whatever stops it.
template <class Command>
int with_deck(Arguments& a, Command command) {
  std::shared_ptr<LoadedDeck> deck;
  try {
    sort_words(a);
    deck = load(a.request);
    command(a, *deck);
    return 0;
  } catch (const Error& error) {
    return fail(a, error, deck ? &diagnostics(*deck) : nullptr);
  }
}

void declare_deck(CLI::App& command, Arguments& a) {
  command.add_option("DECK", a.request.deck, "the netlist");
  command.add_option("--set", a.set, "give parameters of the deck other values: --set r=4.7k c=1n")->type_name("NAME=VALUE ...");
  command.add_flag("--strict", a.request.strict, "warnings are errors");
  command.add_flag_callback("--dual-rail", [&a] { a.request.rewriting = dual_rail; }, "the circuit of complex voltages as one of real voltages with two rails");
}

void declare_run(CLI::App& command, Arguments& a) {
  declare_deck(command, a);
  command.add_option("-o", a.request.trace, "trace file (default: the deck's name with .h5)")->type_name("FILE.h5");
  command.add_option("--raw", a.request.raw, "also write a rawfile for ngspice and its viewers")->type_name("FILE.raw");
  command.add_option("--seed", a.request.seed, "of random numbers")->type_name("N")->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 62));
  command.add_flag("--resume", a.request.resume, "trainings continue from their checkpoints");
  command.add_option("--threads", a.request.threads, "steps of .step, devices of .program or samples of .train side by side")->type_name("N")->check(CLI::Range(1, 1024));
  CLI::Option* quiet = command.add_flag("--quiet", a.quiet, "no summary, no progress");
  command.add_flag("--json", a.json, "one JSON document instead of the summary")->excludes(quiet);
}

void declare_fit(CLI::App& command, Arguments& a) {
  command.add_option("KIND", a.fit.kind, "a write model, a preset, or a device with two terminals")->required();
  command.add_option("DATA", a.fit.file, "a table: pulse,g[,direction] for write models, v,i[,t] for devices")->required()->type_name("FILE.csv");
  command.add_option("--free", a.fit.free, "fit these parameters only")->type_name("NAME,...")->delimiter(',');
  command.add_option("--fix", a.fix, "leave a parameter at a value: --fix n=1 rs=0")->type_name("NAME=VALUE ...");
  command.add_option("--start", a.start, "where the search begins: --start is=1f")->type_name("NAME=VALUE ...");
  command.add_flag("--relative", a.fit.relative, "weigh every row by its own size, for data over decades");
  command.add_option("--name", a.fit.name, "of the card")->type_name("NAME");
  command.add_option("--out", a.output, "data and fit as a table: file.csv, file.npy or file.h5:/path")->type_name("FILE");
}

void declare(CLI::App& app, Arguments& a, std::function<int()>& chosen) {
  const auto command = [&](const char* name, const char* help, std::function<int()> action) {
    return app.add_subcommand(name, help)->callback([&chosen, action] { chosen = action; });
  };
  declare_run(*command("run", "run every analysis of a deck", [&a] { return with_deck(a, run_command); }), a);
  CLI::App* check_app = command("check", "read and check a deck; run nothing", [&a] { return with_deck(a, check_command); });
  declare_deck(*check_app, a);
  check_app->add_flag("--json", a.json, "one JSON document instead of the summary");
  CLI::App* export_app = command("export", "write the flat circuit for another program", [&a] { return with_deck(a, export_command); });
  declare_deck(*export_app, a);
  export_app->add_option("--to", a.target, "ngspice (default)")->type_name("PROGRAM")->check(CLI::IsMember({"ngspice"}));
  export_app->add_option("-o", a.output, "file (default: standard output)")->type_name("FILE");
  declare_fit(*command("fit", "find a model's parameters from measured data", [&a] { return fit_command(a), 0; }), a);
  CLI::App* list_app = command("list", "what decks can use, with every parameter", [&a] { return list_command(a), 0; });
  list_app->add_option("TOPIC", a.topic, "devices, analyses, waveforms, functions, options, methods, crossbar, writes or datasets")->required();
  list_app->add_option("NAME", a.name, "only this one");
  list_app->add_flag("--markdown", a.markdown, "as the page in docs/");
  CLI::App* info_app = command("info", "what a trace holds and how it was made; the values a device or an array had", [&a] { return info_command(a), 0; });
  info_app->add_option("FILE", a.file, "a trace")->required();
  info_app->add_option("NAME", a.name, "a device, an array or one of its crossings: its nominal values, those used, and what spread them");
  CLI::App* table_app = command("table", "figures and claims of traces as a page of Markdown, beside their published values", [&a] { return print(figure_page(a.page)), 0; });
  table_app->add_option("FILE", a.page.traces, "traces, in the order of the page")->required();
  table_app->add_option("--title", a.page.title, "of the page")->type_name("TEXT");
  command("repair", "make the trace of a killed run readable by every tool", [&a] { return print(repair(a.file) + "\n"), 0; })
      ->add_option("FILE", a.file, "a trace")->required();
}

/// What the mistyped word most likely meant: a command, or an option of the command given.
std::string suggestion(const CLI::App& app, const std::vector<std::string>& words) {
  const bool any = app.get_subcommands().empty();
  const CLI::App& at = any ? app : *app.get_subcommands().front();
  std::vector<std::string> known;
  for (const CLI::App* command : at.get_subcommands({})) known.push_back(command->get_name());
  for (const CLI::Option* option : at.get_options())
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  for (const std::string& word : words) {
    const std::string name = word.substr(0, word.find('='));
    const bool option = name.starts_with("--");
    if ((any || option) && std::find(known.begin(), known.end(), name) == known.end())
      return std::string("unknown ") + (option ? "option '" : "command '") + name + "'" + suggest(name, known);
  }
  return "";
}

int usage_error(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& words) {
  if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
  const std::string unknown = suggestion(app, words);
  print("settle: " + (unknown.empty() ? std::string(error.what()) : unknown) + "\nsettle --help and settle COMMAND --help say what there is\n", stderr);
  return static_cast<int>(Fault::usage);
}

}  // namespace

int main(int count, char** words) {
  Arguments a;
  std::function<int()> chosen;
  CLI::App app("settle simulates analog circuits: a SPICE netlist becomes a circuit, settles, moves in time, and leaves a trace.", "settle");
  app.require_subcommand(1);
  app.footer("Exit status: 0 ok, 1 the simulation failed, 2 usage, 3 netlist errors, 4 file or I/O, 130 interrupted.");
  app.set_version_flag("--version", version_text());
  declare(app, a, chosen);
  for (int k = 0; k < count; ++k) a.request.command_line += (k > 0 ? " " : "") + std::string(words[k]);
  try {
    app.parse(count, words);
    return chosen();
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error, {words + 1, words + count});
  } catch (const Error& error) {
    return fail(a, error, nullptr);
  } catch (const std::exception& error) {
    return fail(a, Error(Fault::simulation, error.what()), nullptr);
  }
}
