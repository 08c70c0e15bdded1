#include <leat/cluster/control_read.hpp>

#include <leat/schemas/control.capnp.h>

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

namespace leat::control {
namespace {

// What cannot be written at all. Never leaves this file.
struct Unfit {
  std::string what;
};

// With its length, so that zeros inside survive.
capnp::Text::Reader text_of(const std::string& text) { return {text.c_str(), text.size()}; }
capnp::uint count(std::size_t size) {
  if (size > std::numeric_limits<capnp::uint>::max()) throw Unfit{"a number as large as " + std::to_string(size)};
  return static_cast<capnp::uint>(size);
}
std::uint32_t ms(std::chrono::milliseconds time) {
  if (time.count() < 0) throw Unfit{"a time below 0"};
  return count(static_cast<std::size_t>(time.count()));
}

void put(capnp::List<capnp::Text>::Builder list, const std::vector<std::string>& texts) {
  for (std::size_t i = 0; i < texts.size(); ++i) list.set(count(i), text_of(texts[i]));
}

template <class Pairs>
void put(capnp::List<schema::Setting>::Builder list, const Pairs& pairs) {
  capnp::uint at = 0;
  for (const auto& [name, value] : pairs) {
    list[at].setName(text_of(name));
    list[at++].setValue(text_of(value));
  }
}

void put(schema::Failure::Builder to, const Error& error) {
  to.setKind(static_cast<schema::FailureKind>(error.kind));
  to.setSentence(text_of(sentence_that_fits(error.sentence)));
  to.setThrown(error.thrown);
  const leat::Subject& about = error.subject();
  if (about == leat::Subject()) return;
  // Half a name is another name.
  auto whole = [](const std::string& name) {
    return name.size() > kMostSentence ? capnp::Text::Reader() : text_of(name);
  };
  auto subject = to.initSubject();
  subject.setGraph(whole(about.graph));
  subject.setStage(whole(about.stage));
  subject.setOption(whole(about.option));
  subject.setFile(whole(about.file));
  subject.setLine(about.line);
  subject.setColumn(about.column);
}

void put(schema::Identity::Builder to, const Identity& identity) {
  to.setBuild(text_of(identity.build));
  put(to.initLines(count(identity.lines.size())), identity.lines);
}

void put(schema::Endpoint::Builder to, const Endpoint& endpoint) {
  to.setHost(text_of(endpoint.host));
  to.setPort(endpoint.port);
}

void put(schema::NodeSpec::Builder to, const NodeSpec& node) {
  to.setName(text_of(node.name));
  put(to.initLabels(count(node.labels.size())), node.labels);
  to.setCpus(count(node.cpus));
  to.setMemory(node.memory);
}

void put(schema::Work::Builder to, const Work& work) {
  to.setProgram(text_of(work.program));
  put(to.initArgs(count(work.args.size())), work.args);
  put(to.initLines(count(work.lines.size())), work.lines);
}

void put(schema::PoolChange::Builder to, const PoolChange& change) {
  to.setWhat(static_cast<std::uint8_t>(change.what));
  to.setCell(count(change.cell));
  to.setReplica(count(change.replica));
  to.setNode(change.node);
}

void put(capnp::List<schema::Description>::Builder list, const Graph::Probes& probes) {
  capnp::uint at = 0;
  for (const auto& [stage, known] : probes) {
    auto to = list[at++];
    to.setStage(count(stage));
    auto columns = to.initColumns(count(known.fields.size()));
    for (capnp::uint i = 0; i < columns.size(); ++i) {
      columns[i].setName(text_of(known.fields[i].name));
      columns[i].setType(known.fields[i].type);
      columns[i].setNullable(known.fields[i].nullable);
      columns[i].setDictionary(known.fields[i].dictionary);
    }
    to.setColumnsKnown(known.fields_known);
    to.setBytes(known.bytes);
    to.setRows(known.rows);
    to.setMaxChunk(known.max_chunk);
    put(to.initNotes(count(known.notes.size())), known.notes);
  }
}

void put(schema::StageProgress::Builder to, const StageProgress& stage) {
  to.setName(text_of(stage.name));
  to.setReplicas(count(stage.replicas));
  auto metrics = to.initMetrics(count(kStageMetrics.size()));
  for (capnp::uint i = 0; i < metrics.size(); ++i) metrics.set(i, kStageMetrics[i].units(stage));
  auto counts = to.initCounts(count(stage.counts.size()));
  capnp::uint at = 0;
  for (const auto& [name, number] : stage.counts) {
    counts[at].setName(text_of(name));
    counts[at++].setCount(number);
  }
}

void put(schema::Progress::Builder to, const Progress& progress) {
  to.setSeconds(progress.seconds);
  to.setBytes(progress.bytes);
  to.setBytesTotal(progress.bytes_total);
  to.setRows(progress.rows);
  to.setRowsTotal(progress.rows_total);
  auto stages = to.initStages(count(progress.stages.size()));
  for (capnp::uint i = 0; i < stages.size(); ++i) put(stages[i], progress.stages[i]);
}

void put(schema::Report::Builder to, const Report& report) {
  to.setInterrupted(report.ending == Ending::interrupted);
  put(to.initProgress(), report.progress);
  put(to.initResults(count(report.results.size())), report.results);
  auto terms = to.initBound(count(report.bound.terms.size()));
  for (capnp::uint i = 0; i < terms.size(); ++i) {
    terms[i].setWhat(static_cast<std::uint8_t>(report.bound.terms[i].what));
    terms[i].setWhere(text_of(report.bound.terms[i].where));
    terms[i].setBytes(report.bound.terms[i].bytes);
  }
  to.setPeakMemory(report.peak_memory);
  to.setPeakPool(report.peak_pool);
  auto nodes = to.initNodes(count(report.nodes.size()));
  for (capnp::uint i = 0; i < nodes.size(); ++i) {
    nodes[i].setNode(text_of(report.nodes[i].node));
    put(nodes[i].initProgress(), report.nodes[i].progress);
    nodes[i].setPeakMemory(report.nodes[i].peak_memory);
    nodes[i].setPeakPool(report.nodes[i].peak_pool);
    nodes[i].setBound(report.nodes[i].bound);
  }
}

// One overload a message.
struct Encoding {
  schema::Control::Builder root;

  void operator()(const Join& join) {
    auto to = root.initJoin();
    put(to.initIdentity(), join.identity);
    put(to.initNode(), join.node);
    to.setIncarnationHigh(join.incarnation.high);
    to.setIncarnationLow(join.incarnation.low);
    to.setHost(text_of(join.host));
    put(to.initData(), join.data);
    to.setTls(join.tls);
    to.setProcessBase(join.process_base);
  }
  void operator()(const Welcome& welcome) {
    auto to = root.initWelcome();
    to.setHeartbeatMs(ms(welcome.heartbeat));
    to.setLostAfterMs(ms(welcome.lost_after));
  }
  void operator()(const Refused& refused) { put(root.initRefused(), refused.why); }
  void operator()(const Heartbeat&) { root.setHeartbeat(); }
  void operator()(const Submit& submit) {
    auto to = root.initSubmit();
    put(to.initIdentity(), submit.identity);
    put(to.initWork(), submit.work);
    to.setMemory(submit.memory);
    to.setNodes(submit.nodes);
    to.setNodesWithinMs(ms(submit.nodes_within));
    to.setHost(text_of(submit.host));
  }
  void operator()(const Probe& probe) {
    auto to = root.initProbe();
    to.setJob(probe.job);
    put(to.initWork(), probe.work);
    auto sources = to.initSources(count(probe.sources.size()));
    for (capnp::uint i = 0; i < sources.size(); ++i) sources.set(i, count(probe.sources[i]));
  }
  void operator()(const Probed& probed) {
    auto to = root.initProbed();
    to.setJob(probed.job);
    put(to.initSources(count(probed.sources.size())), probed.sources);
  }
  void operator()(const Deploy& deploy) {
    auto to = root.initDeploy();
    to.setJob(deploy.job);
    to.setEpoch(deploy.epoch);
    to.setToken({reinterpret_cast<const kj::byte*>(deploy.token.data()), deploy.token.size()});
    put(to.initWork(), deploy.work);
    put(to.initSources(count(deploy.sources.size())), deploy.sources);
    auto nodes = to.initNodes(count(deploy.nodes.size()));
    for (capnp::uint i = 0; i < nodes.size(); ++i) put(nodes[i], deploy.nodes[i]);
    auto data = to.initData(count(deploy.data.size()));
    for (capnp::uint i = 0; i < data.size(); ++i) put(data[i], deploy.data[i]);
    to.setMe(deploy.me);
    to.setProcessBase(deploy.process_base);
    to.setPlacement(text_of(deploy.placement));
    to.setPlaced(deploy.placed);
    auto changes = to.initChanges(count(deploy.changes.size()));
    for (capnp::uint i = 0; i < changes.size(); ++i) put(changes[i], deploy.changes[i]);
  }
  void operator()(const Resize& resize) {
    auto to = root.initResize();
    to.setJob(resize.job);
    to.setStep(static_cast<std::uint8_t>(resize.step));
    put(to.initChange(), resize.change);
    auto nodes = to.initNodes(count(resize.nodes.size()));
    for (capnp::uint i = 0; i < nodes.size(); ++i) put(nodes[i], resize.nodes[i]);
    auto data = to.initData(count(resize.data.size()));
    for (capnp::uint i = 0; i < data.size(); ++i) put(data[i], resize.data[i]);
    to.setPlacement(text_of(resize.placement));
  }
  void operator()(const Resized& resized) {
    auto to = root.initResized();
    to.setJob(resized.job);
    to.setStep(static_cast<std::uint8_t>(resized.step));
    to.setTooLate(resized.too_late);
  }
  void operator()(const Built& built) { root.setBuilt(built.job); }
  void operator()(const Start& start) { root.setStart(start.job); }
  void operator()(const GateEnded& gate) {
    auto to = root.initGate();
    to.setJob(gate.job);
    to.setStage(count(gate.stage));
  }
  void operator()(const Underway& underway) {
    auto to = root.initProgress();
    to.setJob(underway.job);
    put(to.initProgress(), underway.progress);
  }
  void operator()(const Finished& finished) {
    auto to = root.initFinished();
    to.setJob(finished.job);
    to.setInterrupted(finished.ending == Ending::interrupted);
    put(to.initProgress(), finished.progress);
    put(to.initResults(count(finished.results.size())), finished.results);
    to.setPeakMemory(finished.peak_memory);
    to.setPeakPool(finished.peak_pool);
  }
  void operator()(const Failed& failed) {
    auto to = root.initFailed();
    to.setJob(failed.job);
    put(to.initWhy(), failed.why);
  }
  void operator()(const Commit& commit) { root.setCommit(commit.job); }
  void operator()(const Committed& committed) { root.setCommitted(committed.job); }
  void operator()(const Cancel& cancel) {
    auto to = root.initCancel();
    to.setJob(cancel.job);
    to.setWhy(text_of(sentence_that_fits(cancel.why)));
  }
  void operator()(const Interrupt& interrupt) { root.setInterrupt(interrupt.job); }
  void operator()(const Outcome& outcome) {
    auto to = root.initOutcome();
    if (auto* error = std::get_if<Error>(&outcome.content)) return put(to.initWhy(), *error);
    put(to.initReport(), std::get<Report>(outcome.content));
  }
  void operator()(const AskStatus& ask) { put(root.initAskStatus(), ask.identity); }
  void operator()(const ClusterStatus& status) {
    auto to = root.initStatus();
    auto members = to.initMembers(count(status.members.size()));
    for (capnp::uint i = 0; i < members.size(); ++i) {
      put(members[i].initNode(), status.members[i].node);
      put(members[i].initData(), status.members[i].data);
      members[i].setDraining(status.members[i].draining);
    }
    auto jobs = to.initJobs(count(status.jobs.size()));
    for (capnp::uint i = 0; i < jobs.size(); ++i) {
      jobs[i].setId(status.jobs[i].id);
      jobs[i].setGraph(text_of(status.jobs[i].graph));
      jobs[i].setPhase(text_of(status.jobs[i].phase));
      jobs[i].setWhy(text_of(status.jobs[i].why));
      put(jobs[i].initProgress(), status.jobs[i].progress);
    }
  }
  void operator()(const Drain& drain) {
    auto to = root.initDrain();
    to.setNode(text_of(drain.node));
    put(to.initIdentity(), drain.identity);
  }
  void operator()(const Leave&) { root.setLeave(); }
};

// Who says it and what to shorten, of each message that can be too large.
struct Subject {
  const char* what = "a message";
  const char* advice = "make it smaller";
};

Subject subject_of(const Message& message) {
  constexpr Subject kJob = {"the job", "give fewer and shorter arguments, or a smaller graph"};
  constexpr Subject kReports = {"what the job's stages report", "report and count less, under shorter names"};
  if (std::holds_alternative<Join>(message)) return {"this node's name or labels", "give others"};
  if (std::holds_alternative<Submit>(message) || std::holds_alternative<Probe>(message)) return kJob;
  if (std::holds_alternative<Probed>(message)) return {"what its sources hold", "give fewer or shorter columns"};
  if (std::holds_alternative<Deploy>(message)) {
    return {"the job and what its sources hold", "give a smaller graph, fewer or shorter columns, or fewer nodes"};
  }
  if (std::holds_alternative<Drain>(message)) return {"the node's name", "give that of a member"};
  if (std::holds_alternative<ClusterStatus>(message)) return {"what the cluster does", "give shorter labels"};
  bool reports = std::holds_alternative<Underway>(message) || std::holds_alternative<Finished>(message) ||
                 std::holds_alternative<Outcome>(message);
  return reports ? kReports : Subject{};
}

Error unfit(const Message& message, const std::string& why) {
  Subject subject = subject_of(message);
  return invalid(std::string(subject.what) + " cannot be told to others (" + why + "): " + subject.advice);
}

std::size_t character_at(const std::string& text, std::size_t at) {
  constexpr std::size_t kLongest = 4;
  std::size_t begin = at;
  auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80; };
  while (begin > 0 && at - begin < kLongest && continues(begin)) --begin;
  return continues(begin) ? at : begin;
}

}  // namespace

std::string sentence_that_fits(const std::string& sentence) {
  constexpr std::string_view kGap = " ... ";
  constexpr std::size_t kEnd = 4096;
  constexpr std::size_t kBeginning = kMostSentence - kEnd - kGap.size() - 4;
  if (sentence.size() <= kMostSentence) return sentence;
  std::size_t end = character_at(sentence, sentence.size() - kEnd);
  return sentence.substr(0, character_at(sentence, kBeginning)) + std::string(kGap) + sentence.substr(end);
}

Result<ControlBytes> encode(const Message& message) {
  try {
    capnp::MallocMessageBuilder builder;
    auto root = builder.initRoot<schema::Control>();
    root.setProtocol(kProtocol);
    std::visit(Encoding{root}, message);
    std::size_t size = capnp::computeSerializedSizeInWords(builder) * sizeof(capnp::word);
    if (size > kMostBytes) {
      return unfit(message, "it takes " + std::to_string(size) + " bytes, where " + std::to_string(kMostBytes) +
                                " are the most");
    }
    auto words = capnp::messageToFlatArray(builder);
    auto bytes = words.asBytes();
    ControlBytes out(bytes.size());
    std::memcpy(out.data(), bytes.begin(), bytes.size());
    // The limits stand in one place, where bytes from outside are read.
    if (auto again = read(out); !again) return unfit(message, again.error().sentence);
    return out;
  } catch (const Unfit& what) {
    return unfit(message, what.what);
  } catch (const kj::Exception& error) {
    return unfit(message, error.getDescription().cStr());
  }
}

}  // namespace leat::control
