// dead-letter list, show and replay.
#include <leat/app/chunk_rows.hpp>
#include <leat/app/run_verb.hpp>
#include <leat/app/show.hpp>

#include <leat/actors/output/dead_letter_file.hpp>
#include <leat/chunk/table.hpp>
#include <leat/graph/built_graph.hpp>
#include <leat/graph/replay.hpp>
#include <leat/schemas/csv.capnp.h>

#include <algorithm>
#include <filesystem>

namespace leat {
namespace {

Result<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return std::vector{path};
  std::vector<std::filesystem::path> files;
  for (std::filesystem::directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".letters") files.push_back(at->path());
  }
  if (error) return failed(path.string() + ": " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

std::string origin(const DeadLetter& letter) {
  return letter.source.empty() ? "?" : one_line(letter.source) + " " + std::to_string(letter.number);
}

std::string content(const DeadLetter& letter) {
  if (letter.type == Table::payload_type()) return for_people(table_text(Table(letter.chunk)));
  if (letter.type == Message<schema::CsvBlock>::payload_type()) {
    auto block = letter.chunk.root<schema::CsvBlock>().getText();
    return for_people({reinterpret_cast<const char*>(block.begin()), block.size()});
  }
  return std::to_string(letter.chunk.bytes()) + " bytes of a " + one_line(letter.type.name) + "\n";
}

std::string lines_of(const std::string& file, const std::vector<DeadLetter>& letters) {
  std::string text;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const DeadLetter& letter = letters[i];
    text += one_line(file) + " " + std::to_string(i) + "  " + one_line(letter.stage) + "  " + origin(letter) + "  " +
            std::to_string(letter.chunk.bytes()) + " bytes  " + one_line(letter.reason) + "\n";
  }
  return text;
}

// The folder that runs make is there once one of them has had letters; any other that is missing is a mistake.
int say_that_none_is_there(const Request& request, const Console& console) {
  std::string folder = request.letters.string();
  if (request.letters == request.dead_letters) {
    return console.text("no dead letters: there is no folder " + one_line(folder) + "\n", "the list");
  }
  return console.error(failed(folder + ": there is no such file or folder of dead letters"), true);
}

// A file that cannot be read is said, beside the others.
int list_letters(const VerbCall& call) {
  const Request& request = call.request;
  const Console& console = call.console;
  std::error_code error;
  if (!std::filesystem::exists(request.letters, error)) return say_that_none_is_there(request, console);
  auto files = files_of(request.letters);
  if (!files) return console.error(files.error(), true);
  auto pool = Pool::make();
  std::string text;
  int status = kDone;
  for (const auto& file : *files) {
    auto letters = read_dead_letters(file.string(), *pool);
    if (letters) {
      text += lines_of(file.string(), *letters);
    } else {
      status = console.error(letters.error(), true);
    }
  }
  if (text.empty() && status != kDone) return status;
  int said = console.text(text.empty() ? "no dead letters\n" : text, "the list");
  return said == kDone ? status : said;
}

int show_letter(const VerbCall& call) {
  const Request& request = call.request;
  const Console& console = call.console;
  auto pool = Pool::make();
  auto letters = read_dead_letters(request.letters.string(), *pool);
  if (!letters) return console.error(letters.error(), false);
  if (request.letter >= letters->size()) {
    return console.error(invalid(request.letters.string() + " has " + std::to_string(letters->size()) +
                               " letters, numbered from 0: see dead-letter list"),
                       false);
  }
  const DeadLetter& letter = (*letters)[request.letter];
  std::string text = "stage:   " + one_line(letter.stage) + ", replica " + std::to_string(letter.replica) + ", input " +
                     std::to_string(letter.port) + ", position " + std::to_string(letter.position) +
                     "\norigin:  " + origin(letter) + "\nreason:  " + one_line(letter.reason) + "\npayload: " +
                     one_line(letter.type.name) + ", " + std::to_string(letter.chunk.bytes()) + " bytes\n\n";
  return console.text(text + content(letter), "the letter");
}

Result<Graph> replayed(const Program& program, const Request& request) {
  // Chunks of the graph that is returned lie in it.
  static const std::shared_ptr<Pool> pool = Pool::make();
  auto graph = built_graph(program, request.args);
  if (!graph) return graph;
  auto letters = read_dead_letters(request.letters.string(), *pool);
  if (!letters) return std::move(letters).error();
  auto checked = graph->check();
  if (!checked) return std::move(checked).error();
  return replay_graph(*checked, *letters);
}

int replay(const VerbCall& call) {
  const Request& request = call.request;
  if (request.access.cluster || request.access.listen) {
    return call.console.error(invalid("dead letters are replayed in this process: leave --cluster and --listen out"), false);
  }
  Signals signals;
  return run_graph([program = call.program(), request] { return replayed(program, request); }, call, signals);
}

void add_letters(CLI::App& command, ParsedCommand& parsed) {
  parsed.request.letters = parsed.request.dead_letters;
  command.add_option("--from", parsed.request.letters, "a file of dead letters, or a folder of such (dead-letters)")
      ->type_name("path");
}

void add_letter(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("--from", parsed.request.letters, "the file")->type_name("file")->required();
  command.add_option("--number", parsed.request.letter, "which one, as list shows it (0)")->type_name("integer");
}

void add_replay(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("--from", parsed.request.letters, "the file of dead letters")->type_name("file")->required();
  add_run(command, parsed);
}

}  // namespace

extern const Verb kListLettersVerb, kShowLetterVerb, kReplayVerb;
const Verb kListLettersVerb{"dead-letter", "list", "list dead letters", false, add_letters, list_letters};
const Verb kShowLetterVerb{"dead-letter", "show", "show one", false, add_letter, show_letter};
const Verb kReplayVerb{"dead-letter", "replay", "run a graph on dead letters", true, add_replay, replay};

}  // namespace leat
