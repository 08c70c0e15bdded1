#include <leat/cluster/control_fields.hpp>

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace leat::control {
namespace {

Error unfit(const Message& message, const std::string& why) {
  Said said = said_of(message);
  return invalid(std::string(said.who) + " cannot be told to others (" + why + "): " + said.advice);
}

std::size_t character_at(const std::string& text, std::size_t at) {
  constexpr std::size_t kLongest = 4;
  std::size_t begin = at;
  auto continues = [&](std::size_t i) { return (static_cast<unsigned char>(text[i]) & 0xc0) == 0x80; };
  while (begin > 0 && at - begin < kLongest && continues(begin)) --begin;
  return continues(begin) ? at : begin;
}

// A corrupt one's error says only what is wrong: "a label of 300 bytes, where 256 are the most".
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
    Message message;
    get(root.getMessage(), message);
    return message;
  } catch (const Bad& bad) {
    return corrupt(bad.what);
  } catch (const kj::Exception& error) {
    return corrupt(error.getDescription().cStr());
  }
}

}  // namespace

void within(std::uint64_t number, const Limits& limits, const char* of) {
  if (number >= limits.least && number <= limits.most) return;
  bool over = number > limits.most;
  std::size_t limit = over ? limits.most : limits.least;
  std::string counted = std::to_string(number);
  std::string what = *of == '\0' ? counted + " " + limits.what : std::string(limits.what) + " of " + counted + " " + of;
  throw Bad{what + ", where " + std::to_string(limit) + (limit == 1 ? " is the " : " are the ") + (over ? "most" : "least")};
}

void take(capnp::Text::Reader from, std::string& into, Limits limits) {
  limits.most = std::min(limits.most, kMostText);
  within(from.size(), limits, "bytes");
  into.assign(from.begin(), from.size());
  // A name is shown in plans and logs.
  bool odd = std::any_of(into.begin(), into.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (limits.printable && odd) throw Bad{std::string(limits.what) + " with control characters"};
}

void take(capnp::Data::Reader from, std::string& into, Limits limits) {
  limits.most = std::min(limits.most, kMostText);
  within(from.size(), limits, "bytes");
  into.assign(reinterpret_cast<const char*>(from.begin()), from.size());
}

void put(schema::Subject::Builder to, const leat::Subject& about) {
  // Half a name is another name.
  auto whole = [](const std::string& name) {
    return name.size() > kMostSentence ? capnp::Text::Reader() : text_of(name);
  };
  to.setGraph(whole(about.graph));
  to.setStage(whole(about.stage));
  to.setOption(whole(about.option));
  to.setFile(whole(about.file));
  to.setLine(about.line);
  to.setColumn(about.column);
}

void get(schema::Subject::Reader from, leat::Subject& about) {
  constexpr Limits kName = {.what = "a name", .most = kMostSentence};
  take(from.getGraph(), about.graph, kName);
  take(from.getStage(), about.stage, kName);
  take(from.getOption(), about.option, kName);
  take(from.getFile(), about.file, kName);
  about.line = from.getLine();
  about.column = from.getColumn();
}

void put(schema::Failure::Builder to, const Error& error) {
  to.setKind(static_cast<schema::FailureKind>(error.kind));
  to.setSentence(text_of(sentence_that_fits(error.sentence)));
  to.setThrown(error.thrown);
  if (error.subject() != leat::Subject()) put(to.initSubject(), error.subject());
}

void get(schema::Failure::Reader from, Error& error) {
  ErrorKind kind{};
  take(from.getKind(), kind, {.what = "a failure", .most = static_cast<std::size_t>(ErrorKind::failed)});
  std::string sentence;
  take(from.getSentence(), sentence, {.what = "a sentence", .most = kMostSentence});
  error = Error(kind, std::move(sentence), from.getThrown());
  if (!from.hasSubject()) return;
  leat::Subject about;
  get(from.getSubject(), about);
  error = error.about(about);
}

void put(schema::StageProgress::Builder to, const StageProgress& stage) {
  put(to.initNamed(), stage);
  auto metrics = to.initMetrics(count(kStageMetrics.size()));
  for (capnp::uint i = 0; i < metrics.size(); ++i) metrics.set(i, kStageMetrics[i].units(stage));
}

void get(schema::StageProgress::Reader from, StageProgress& stage) {
  get(from.getNamed(), stage);
  auto metrics = some(from.getMetrics(), {.what = "a stage's metrics", .most = kStageMetrics.size()});
  for (capnp::uint i = 0; i < metrics.size(); ++i) kStageMetrics[i].add(stage, metrics[i]);
}

// Of which job it is, is said once: EpochStart::job.
void put(schema::Sealed::Builder to, const Sealed& sealed) {
  to.setStage(text_of(sealed.stage));
  to.setReplica(sealed.name.replica);
  to.setEpoch(sealed.name.epoch);
  to.setN(sealed.name.n);
  to.setLast(sealed.name.last);
}

void get(schema::Sealed::Reader from, Sealed& sealed) {
  take(from.getStage(), sealed.stage, {.what = "a stage's name"});
  sealed.name = {"", from.getEpoch(), from.getN(), static_cast<std::size_t>(from.getReplica()), from.getLast()};
}

void check(const Join& join) {
  if (join.data.port == 0 || join.data.host.empty()) throw Bad{"a node without a data endpoint"};
}

void check(const Deploy& deploy) {
  if (deploy.data.size() != deploy.nodes.size() || deploy.me >= deploy.nodes.size()) {
    throw Bad{"a job whose nodes do not match"};
  }
  if (deploy.placed > deploy.nodes.size()) throw Bad{"a job placed on more nodes than there are"};
}

void check(const Resize& resize) {
  if (resize.data.size() != resize.nodes.size()) throw Bad{"a change whose nodes do not match"};
}

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
    put(root.initMessage(), message);
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

Result<Message> decode(const ControlBytes& bytes) {
  auto message = read(bytes);
  if (message || message.error().kind != ErrorKind::corrupt) return message;
  return message.error().in("not a control message");
}

}  // namespace leat::control
