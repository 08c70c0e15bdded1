#include <leat/app/checkpoint_options.hpp>

#include <leat/chunk/one_line.hpp>

#include <charconv>
#include <string_view>

namespace leat {
namespace {

constexpr std::int64_t kDay = 24 * 60 * 60 * 1000;

// The number that `text` begins with, taken from it; -1: it begins with none.
std::int64_t number_of(std::string_view& text) {
  std::int64_t number = -1;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return -1;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

Result<void> read_restore(const std::string& said, CheckpointOptions& into) {
  into.restore = true;
  std::string_view rest = said;
  if (rest == "latest") return {};
  std::int64_t n = number_of(rest);
  if (n < 1 || !rest.empty()) return invalid("--restore " + one_line(said) + ": say latest, or the number of a checkpoint");
  into.n = static_cast<std::uint64_t>(n);
  return {};
}

Result<void> read_restarts(const std::string& said, RestartLimit& into) {
  std::size_t slash = said.find('/');
  std::string_view most = std::string_view(said).substr(0, slash);
  std::int64_t number = number_of(most);
  auto within = slash == said.npos ? Result<std::chrono::milliseconds>(invalid("")) : parse_time(said.substr(slash + 1));
  if (number < 0 || number > 1000 || !most.empty() || !within) {
    return invalid("--restarts " + one_line(said) + ": say how many in which time, as 5/60s");
  }
  into = {static_cast<std::size_t>(number), *within};
  return {};
}

}  // namespace

Result<std::chrono::milliseconds> parse_time(const std::string& text) {
  std::string_view rest = text;
  std::int64_t number = number_of(rest);
  std::int64_t unit = rest == "ms" ? 1 : rest == "s" ? 1000 : rest == "min" ? 60'000 : rest == "h" ? 3'600'000 : 0;
  if (number < 1 || unit == 0 || number > kDay / unit) return invalid("must be a time such as 10s, 500ms or 2min");
  return std::chrono::milliseconds(number * unit);
}

void add_checkpoints(CLI::App& command, ParsedCommand& parsed) {
  auto* folder = command.add_option("--checkpoints", parsed.request.checkpoints.folder, "keep checkpoints in this folder, to go on from after a failure or a kill")
                     ->type_name("folder");
  auto add = [&](const char* name, const char* about, const char* type) {
    return command
        .add_option_function<std::string>(
            std::string("--") + name, [&parsed, name](const std::string& value) { parsed.endpoints[name] = value; }, about)
        ->type_name(type)
        ->needs(folder);
  };
  add("every", "time between two checkpoints (10s)", "time");
  auto* restore = add("restore", "go on from a checkpoint that is there: latest, or its number", "latest|number");
  command.add_flag("--fresh", parsed.request.checkpoints.afresh, "forget the job whose checkpoints are there")->needs(folder)->excludes(restore);
  command.add_flag("--accept-changes", parsed.request.checkpoints.changes, "restore though the graph has changed since")->needs(restore);
  add("restarts", "how often it goes on by itself, in which time (5/60s)", "number/time");
}

Result<void> understand_checkpoints(ParsedCommand& parsed) {
  CheckpointOptions& into = parsed.request.checkpoints;
  auto said = [&](const char* name) -> const std::string* {
    auto found = parsed.endpoints.find(name);
    return found == parsed.endpoints.end() ? nullptr : &found->second;
  };
  if (const std::string* every = said("every")) {
    auto time = parse_time(*every);
    if (!time) return invalid("--every " + one_line(*every) + ": " + time.error().sentence);
    into.every = *time;
  }
  if (const std::string* restore = said("restore")) {
    if (auto ok = read_restore(*restore, into); !ok) return ok;
  }
  const std::string* restarts = said("restarts");
  return restarts ? read_restarts(*restarts, into.restarts) : Result<void>();
}

void say_where_it_goes_on(const Request& request, Result<Report>& report) {
  if (!report || report->checkpoint == 0) return;
  report->warnings.push_back("it was stopped after checkpoint " + std::to_string(report->checkpoint) + ": go on with --checkpoints " +
                             request.checkpoints.folder.string() + " --restore latest");
}

}  // namespace leat
