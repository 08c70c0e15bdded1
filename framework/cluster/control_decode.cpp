#include <leat/cluster/control_read.hpp>

#include <leat/graph/node_list.hpp>
#include <leat/schemas/control.capnp.h>

#include <capnp/serialize.h>
#include <kj/exception.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace leat::control {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

// What is wrong with bytes from outside. Never leaves this file: Cap'n Proto speaks by exceptions too.
struct Bad {
  std::string what;
};

// A name as a sentence can hold it.
std::string named(const std::string& name) {
  constexpr std::size_t kShown = 60;
  if (name.size() > kShown) return "with a name of " + std::to_string(name.size()) + " bytes";
  return std::string("\"").append(name).append("\"");
}

std::string text_of(capnp::Text::Reader reader, std::string_view what, std::size_t most = kMostText) {
  if (reader.size() > most) {
    throw Bad{std::string(what) + " of " + std::to_string(reader.size()) + " bytes, where " + std::to_string(most) +
              " are the most"};
  }
  return {reader.begin(), reader.size()};
}

// A name is shown in plans and logs: one line, printable.
std::string name_of(capnp::Text::Reader reader, std::string_view what) {
  std::string name = text_of(reader, what, kMostName);
  bool odd = std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (odd) throw Bad{std::string(what) + " with control characters"};
  return name;
}

template <class List>
List some(List list, std::string_view what, std::size_t most = kMostEntries) {
  if (list.size() > most) {
    throw Bad{"a list of " + std::string(what) + " with " + std::to_string(list.size()) + " entries, where " +
              std::to_string(most) + " are the most"};
  }
  return list;
}

std::vector<std::string> lines_of(capnp::List<capnp::Text>::Reader list) {
  std::vector<std::string> texts;
  for (auto text : some(list, "lines")) texts.push_back(text_of(text, "a line of a graph"));
  return texts;
}

Settings get(capnp::List<schema::Setting>::Reader list, const std::string& what) {
  Settings settings;
  for (auto setting : some(list, what + "s")) {
    std::string name = text_of(setting.getName(), "a name of a " + what);
    std::string value = text_of(setting.getValue(), what + " " + named(name));
    settings.emplace_back(std::move(name), std::move(value));
  }
  return settings;
}

std::map<std::string, std::string> by_name(capnp::List<schema::Setting>::Reader list, const std::string& what) {
  std::map<std::string, std::string> out;
  for (auto& [name, value] : get(list, what)) out[name] = std::move(value);
  return out;
}

std::string sentence_of(capnp::Text::Reader reader) { return text_of(reader, "a sentence", kMostSentence); }

Error get(schema::Failure::Reader from) {
  auto kind = static_cast<std::uint16_t>(from.getKind());
  if (kind > static_cast<std::uint16_t>(ErrorKind::failed)) throw Bad{"a failure of an unknown kind"};
  Error error(static_cast<ErrorKind>(kind), sentence_of(from.getSentence()), from.getThrown());
  if (!from.hasSubject()) return error;
  auto about = from.getSubject();
  return error.about({.graph = sentence_of(about.getGraph()),
                      .stage = sentence_of(about.getStage()),
                      .option = sentence_of(about.getOption()),
                      .file = sentence_of(about.getFile()),
                      .line = about.getLine(),
                      .column = about.getColumn()});
}

Identity get(schema::Identity::Reader from) { return {text_of(from.getBuild(), "a build"), lines_of(from.getLines())}; }

Endpoint get(schema::Endpoint::Reader from) { return {name_of(from.getHost(), "a host's name"), from.getPort()}; }

NodeSpec get(schema::NodeSpec::Reader from) {
  NodeSpec node;
  node.name = name_of(from.getName(), "a node's name");
  if (node.name.empty()) throw Bad{"a node without a name"};
  for (auto label : some(from.getLabels(), "labels", 256)) node.labels.push_back(name_of(label, "a label"));
  node.cpus = from.getCpus();
  if (node.cpus < 1 || node.cpus > kMostCpus) throw Bad{"a node with " + std::to_string(node.cpus) + " cpus"};
  node.memory = from.getMemory();
  return node;
}

Work get(schema::Work::Reader from) {
  return {name_of(from.getProgram(), "a graph's name"), by_name(from.getArgs(), "argument"), lines_of(from.getLines())};
}

Graph::Probes get(capnp::List<schema::Description>::Reader list) {
  Graph::Probes probes;
  for (auto from : some(list, "sources")) {
    Description known;
    for (auto column : some(from.getColumns(), "columns")) {
      if (static_cast<std::uint16_t>(column.getType()) > static_cast<std::uint16_t>(ColumnType::TIMESTAMP)) {
        throw Bad{"a column of an unknown type"};
      }
      known.fields.push_back({text_of(column.getName(), "a column's name"), column.getType(), column.getNullable(),
                              column.getDictionary()});
    }
    known.fields_known = from.getColumnsKnown();
    known.bytes = from.getBytes();
    known.rows = from.getRows();
    known.max_chunk = from.getMaxChunk();
    known.notes = by_name(from.getNotes(), "note");
    if (!probes.emplace(from.getStage(), std::move(known)).second) throw Bad{"one source twice"};
  }
  return probes;
}

StageProgress get(schema::StageProgress::Reader from) {
  StageProgress stage;
  stage.name = text_of(from.getName(), "a stage's name");
  stage.replicas = from.getReplicas();
  auto metrics = from.getMetrics();
  if (metrics.size() > kStageMetrics.size()) throw Bad{"a stage with " + std::to_string(metrics.size()) + " metrics"};
  for (capnp::uint i = 0; i < metrics.size(); ++i) kStageMetrics[i].add(stage, metrics[i]);
  for (auto counted : some(from.getCounts(), "counts")) {
    stage.counts[text_of(counted.getName(), "a count's name")] = counted.getCount();
  }
  return stage;
}

Progress get(schema::Progress::Reader from) {
  Progress progress;
  progress.seconds = from.getSeconds();
  progress.bytes = from.getBytes();
  progress.bytes_total = from.getBytesTotal();
  progress.rows = from.getRows();
  progress.rows_total = from.getRowsTotal();
  for (auto stage : some(from.getStages(), "stages")) progress.stages.push_back(get(stage));
  return progress;
}

Ending ending_of(bool interrupted) { return interrupted ? Ending::interrupted : Ending::complete; }

Report get(schema::Report::Reader from) {
  Report report;
  report.ending = ending_of(from.getInterrupted());
  report.progress = get(from.getProgress());
  report.results = get(from.getResults(), "result");
  for (auto term : some(from.getBound(), "the bound's terms")) {
    if (term.getWhat() >= kBoundTerms) throw Bad{"a term of an unknown kind"};
    report.bound.terms.push_back(
        {static_cast<BoundTerm::What>(term.getWhat()), text_of(term.getWhere(), "a term's place"), term.getBytes()});
  }
  report.peak_memory = from.getPeakMemory();
  report.peak_pool = from.getPeakPool();
  for (auto node : some(from.getNodes(), "nodes")) {
    report.nodes.push_back({name_of(node.getNode(), "a node's name"), get(node.getProgress()), node.getPeakMemory(), node.getBound(),
                            node.getPeakPool()});
  }
  return report;
}

Join get(schema::Join::Reader from) {
  Join join;
  join.identity = get(from.getIdentity());
  join.node = get(from.getNode());
  join.incarnation = {from.getIncarnationHigh(), from.getIncarnationLow()};
  join.host = name_of(from.getHost(), "a host's name");
  join.data = get(from.getData());
  if (join.data.port == 0 || join.data.host.empty()) throw Bad{"a node without a data endpoint"};
  join.tls = from.getTls();
  join.process_base = from.getProcessBase();
  return join;
}

Submit get(schema::Submit::Reader from) {
  Submit submit;
  submit.identity = get(from.getIdentity());
  submit.work = get(from.getWork());
  submit.memory = from.getMemory();
  submit.nodes = from.getNodes();
  if (submit.nodes < 1) throw Bad{"a job that waits for no node"};
  submit.nodes_within = std::chrono::milliseconds(from.getNodesWithinMs());
  submit.host = name_of(from.getHost(), "a host's name");
  return submit;
}

PoolChange get(schema::PoolChange::Reader from) {
  if (from.getWhat() > static_cast<std::uint8_t>(PoolChange::What::abandon)) throw Bad{"a change of an unknown kind"};
  return {static_cast<PoolChange::What>(from.getWhat()), from.getCell(), from.getReplica(), from.getNode()};
}

Resize::Step step_of(std::uint8_t step) {
  if (step > static_cast<std::uint8_t>(Resize::Step::part)) throw Bad{"an unknown step of a change"};
  return static_cast<Resize::Step>(step);
}

Resize get(schema::Resize::Reader from) {
  Resize resize{from.getJob(), step_of(from.getStep()), get(from.getChange()), {}, {}, name_of(from.getPlacement(), "a digest")};
  for (auto node : some(from.getNodes(), "nodes", 1)) resize.nodes.push_back(get(node));
  for (auto data : some(from.getData(), "addresses", 1)) resize.data.push_back(get(data));
  if (resize.data.size() != resize.nodes.size()) throw Bad{"a change whose nodes do not match"};
  return resize;
}

Deploy get(schema::Deploy::Reader from) {
  Deploy deploy;
  deploy.job = from.getJob();
  deploy.epoch = from.getEpoch();
  auto token = from.getToken();
  if (token.size() < 16 || token.size() > 64) throw Bad{"a job token of " + std::to_string(token.size()) + " bytes"};
  deploy.token.assign(reinterpret_cast<const char*>(token.begin()), token.size());
  deploy.work = get(from.getWork());
  deploy.sources = get(from.getSources());
  for (auto node : some(from.getNodes(), "nodes")) deploy.nodes.push_back(get(node));
  for (auto data : some(from.getData(), "addresses")) deploy.data.push_back(get(data));
  deploy.me = from.getMe();
  if (deploy.data.size() != deploy.nodes.size() || deploy.me >= deploy.nodes.size()) {
    throw Bad{"a job whose nodes do not match"};
  }
  deploy.process_base = from.getProcessBase();
  deploy.placement = name_of(from.getPlacement(), "a digest");
  deploy.placed = from.getPlaced();
  if (deploy.placed > deploy.nodes.size()) throw Bad{"a job placed on more nodes than there are"};
  for (auto change : some(from.getChanges(), "changes")) deploy.changes.push_back(get(change));
  return deploy;
}

ClusterStatus get(schema::Status::Reader from) {
  ClusterStatus status;
  for (auto member : some(from.getMembers(), "members")) {
    status.members.push_back({get(member.getNode()), get(member.getData()), member.getDraining()});
  }
  for (auto job : some(from.getJobs(), "jobs")) {
    status.jobs.push_back({job.getId(), name_of(job.getGraph(), "a graph's name"), name_of(job.getPhase(), "a phase"), get(job.getProgress()),
                           text_of(job.getWhy(), "what a job waits for")});
  }
  return status;
}

Probe get(schema::Probe::Reader from) {
  Probe probe{from.getJob(), get(from.getWork()), {}};
  for (auto stage : some(from.getSources(), "sources")) probe.sources.push_back(stage);
  return probe;
}

Finished get(schema::Finished::Reader from) {
  return {from.getJob(), ending_of(from.getInterrupted()), get(from.getProgress()), get(from.getResults(), "result"),
          from.getPeakMemory(), from.getPeakPool()};
}

Outcome get(schema::Outcome::Reader from) {
  switch (from.which()) {
    case schema::Outcome::REPORT: return {get(from.getReport())};
    case schema::Outcome::WHY: return {get(from.getWhy())};
  }
  throw Bad{"an outcome of an unknown kind"};
}

Message get(schema::Control::Reader from) {
  using schema::Control;
  switch (from.which()) {
    case Control::JOIN: return get(from.getJoin());
    case Control::WELCOME:
      return Welcome{std::chrono::milliseconds(from.getWelcome().getHeartbeatMs()),
                     std::chrono::milliseconds(from.getWelcome().getLostAfterMs())};
    case Control::REFUSED: return Refused{get(from.getRefused())};
    case Control::HEARTBEAT: return Heartbeat{};
    case Control::SUBMIT: return get(from.getSubmit());
    case Control::PROBE: return get(from.getProbe());
    case Control::PROBED: return Probed{from.getProbed().getJob(), get(from.getProbed().getSources())};
    case Control::DEPLOY: return get(from.getDeploy());
    case Control::BUILT: return Built{from.getBuilt()};
    case Control::START: return Start{from.getStart()};
    case Control::GATE: return GateEnded{from.getGate().getJob(), from.getGate().getStage()};
    case Control::PROGRESS: return Underway{from.getProgress().getJob(), get(from.getProgress().getProgress())};
    case Control::FINISHED: return get(from.getFinished());
    case Control::FAILED: return Failed{from.getFailed().getJob(), get(from.getFailed().getWhy())};
    case Control::COMMIT: return Commit{from.getCommit()};
    case Control::COMMITTED: return Committed{from.getCommitted()};
    case Control::CANCEL: return Cancel{from.getCancel().getJob(), sentence_of(from.getCancel().getWhy())};
    case Control::INTERRUPT: return Interrupt{from.getInterrupt()};
    case Control::OUTCOME: return get(from.getOutcome());
    case Control::ASK_STATUS: return AskStatus{get(from.getAskStatus())};
    case Control::STATUS: return get(from.getStatus());
    case Control::DRAIN: return Drain{name_of(from.getDrain().getNode(), "a node's name"), get(from.getDrain().getIdentity())};
    case Control::LEAVE: return Leave{};
    case Control::RESIZE: return get(from.getResize());
    case Control::RESIZED: {
      auto said = from.getResized();
      return Resized{said.getJob(), step_of(said.getStep()), said.getTooLate()};
    }
  }
  throw Bad{"a message of an unknown kind"};
}

}  // namespace

Result<Message> read(const ControlBytes& bytes) {
  if (bytes.empty() || bytes.size() % sizeof(capnp::word) != 0 || bytes.size() > kMostBytes) {
    return corrupt("it has " + std::to_string(bytes.size()) + " bytes");
  }
  std::vector<std::uint64_t> words(bytes.size() / sizeof(capnp::word));
  std::memcpy(words.data(), bytes.data(), bytes.size());
  capnp::ReaderOptions limits;
  limits.traversalLimitInWords = 4 * words.size() + 64;
  limits.nestingLimit = 16;
  try {
    auto* first = reinterpret_cast<const capnp::word*>(words.data());
    capnp::FlatArrayMessageReader reader(kj::arrayPtr(first, words.size()), limits);
    auto root = reader.getRoot<schema::Control>();
    if (root.getProtocol() != kProtocol) {
      return invalid("the other end speaks protocol " + std::to_string(root.getProtocol()) + ", this one " +
                     std::to_string(kProtocol) + ": run the same version of leat everywhere");
    }
    return get(root);
  } catch (const Bad& bad) {
    return corrupt(bad.what);
  } catch (const kj::Exception& error) {
    return corrupt(error.getDescription().cStr());
  }
}

Result<Message> decode(const ControlBytes& bytes) {
  auto message = read(bytes);
  if (message || message.error().kind != ErrorKind::corrupt) return message;
  return message.error().in("not a control message");
}

}  // namespace leat::control
