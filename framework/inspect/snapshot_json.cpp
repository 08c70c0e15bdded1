#include <leat/inspect/snapshot_json.hpp>

#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

namespace leat::inspect {
namespace {

using Json = nlohmann::ordered_json;

Json amount_json(const Amount& amount) { return {{"bytes", amount.bytes}, {"chunks", amount.chunks}}; }

Amount amount_of(const Json& json) {
  Amount amount;
  amount.bytes = json.at("bytes").get<decltype(amount.bytes)>();
  amount.chunks = json.at("chunks").get<decltype(amount.chunks)>();
  return amount;
}

Json times_json(const ActivityTimes& times) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kActivities; ++i) {
    if (times[i] > 0) json[std::string(activity_name(static_cast<Activity>(i)))] = times[i];
  }
  return json;
}

Activity activity_of(const std::string& name) {
  for (std::size_t i = 0; i < kActivities; ++i) {
    if (activity_name(static_cast<Activity>(i)) == name) return static_cast<Activity>(i);
  }
  throw std::out_of_range("there is no activity " + name);
}

Json cell_json(const CellSnapshot& cell) {
  Json json = {{"cell", cell.cell},         {"replica", cell.replica}, {"node", cell.node},
               {"stages", cell.stages},     {"stage_ns", cell.stage_ns}, {"now", activity_name(cell.now)},
               {"for_ns", cell.for_ns},     {"times_ns", times_json(cell.times)}, {"moves", cell.moves},
               {"ended", cell.ended},       {"detached", cell.detached}};
  if (cell.at) json["at"] = *cell.at;
  if (cell.channel) json["channel"] = *cell.channel;
  return json;
}

CellSnapshot cell_of(const Json& json) {
  CellSnapshot cell;
  json.at("cell").get_to(cell.cell);
  json.at("replica").get_to(cell.replica);
  json.at("node").get_to(cell.node);
  json.at("stages").get_to(cell.stages);
  json.at("stage_ns").get_to(cell.stage_ns);
  cell.now = activity_of(json.at("now"));
  json.at("for_ns").get_to(cell.for_ns);
  for (const auto& [name, time] : json.at("times_ns").items()) {
    cell.times[static_cast<std::size_t>(activity_of(name))] = time.get<std::uint64_t>();
  }
  json.at("moves").get_to(cell.moves);
  json.at("ended").get_to(cell.ended);
  json.at("detached").get_to(cell.detached);
  if (json.contains("at")) cell.at = json["at"].get<StageId>();
  if (json.contains("channel")) cell.channel = json["channel"].get<std::uint32_t>();
  return cell;
}

Json channel_json(const ChannelSnapshot& channel) {
  Json json = {{"id", channel.id},
               {"edge", channel.edge},
               {"from", {{"stage", channel.from}, {"cell", channel.from_cell}, {"replica", channel.from_replica}}},
               {"to", {{"stage", channel.to}, {"cell", channel.to_cell}, {"replica", channel.to_replica}}},
               {"remote", channel.remote},
               {"keyed", channel.keyed},
               {"window", amount_json(channel.window)}};
  if (channel.sender) {
    json["sender"] = {{"sent", amount_json(channel.sender->sent)},
                      {"limit", amount_json(channel.sender->limit)},
                      {"waited_ns", channel.sender->waited_ns}};
  }
  if (channel.receiver) {
    json["receiver"] = {{"received", amount_json(channel.receiver->received)},
                        {"consumed", amount_json(channel.receiver->consumed)},
                        {"longest_ns", channel.receiver->longest_ns},
                        {"queued", channel.receiver->queued}};
  }
  return json;
}

ChannelSnapshot channel_of(const Json& json) {
  ChannelSnapshot channel;
  json.at("id").get_to(channel.id);
  json.at("edge").get_to(channel.edge);
  json.at("from").at("stage").get_to(channel.from);
  json.at("from").at("cell").get_to(channel.from_cell);
  json.at("from").at("replica").get_to(channel.from_replica);
  json.at("to").at("stage").get_to(channel.to);
  json.at("to").at("cell").get_to(channel.to_cell);
  json.at("to").at("replica").get_to(channel.to_replica);
  json.at("remote").get_to(channel.remote);
  json.at("keyed").get_to(channel.keyed);
  channel.window = amount_of(json.at("window"));
  if (json.contains("sender")) {
    const Json& end = json["sender"];
    channel.sender = {amount_of(end.at("sent")), amount_of(end.at("limit")), end.at("waited_ns").get<std::uint64_t>()};
  }
  if (json.contains("receiver")) {
    const Json& end = json["receiver"];
    channel.receiver = {amount_of(end.at("received")), amount_of(end.at("consumed")),
                        end.at("longest_ns").get<std::uint64_t>(), end.at("queued").get<std::vector<std::uint64_t>>()};
  }
  return channel;
}

// Of what comes from elsewhere, only indices that lead somewhere.
void hold_together(const JobSnapshot& snapshot) {
  auto below = [](std::size_t index, std::size_t size) {
    if (index >= size) throw std::out_of_range("an index leads nowhere");
  };
  for (const CellSnapshot& cell : snapshot.cells) {
    for (StageId stage : cell.stages) below(stage, snapshot.stages.size());
    if (cell.at) below(*cell.at, snapshot.stages.size());
    if (!snapshot.nodes.empty()) below(cell.node, snapshot.nodes.size());
  }
  for (const ChannelSnapshot& channel : snapshot.channels) {
    below(channel.from, snapshot.stages.size());
    below(channel.to, snapshot.stages.size());
  }
}

JobSnapshot snapshot_of(const Json& json) {
  JobSnapshot snapshot;
  json.at("seconds").get_to(snapshot.seconds);
  json.at("took").get_to(snapshot.took);
  json.at("stages").get_to(snapshot.stages);
  for (const Json& node : json.at("nodes")) {
    snapshot.nodes.push_back({node.at("name"), node.at("threads"), node.at("heard")});
  }
  for (const Json& cell : json.at("cells")) snapshot.cells.push_back(cell_of(cell));
  for (const Json& channel : json.at("channels")) snapshot.channels.push_back(channel_of(channel));
  hold_together(snapshot);
  return snapshot;
}

}  // namespace

std::string snapshot_json(const JobSnapshot& snapshot) {
  Json json = {{"seconds", snapshot.seconds}, {"took", snapshot.took}, {"stages", snapshot.stages},
               {"nodes", Json::array()},      {"cells", Json::array()}, {"channels", Json::array()}};
  for (const NodeSnapshot& node : snapshot.nodes) {
    json["nodes"].push_back({{"name", node.name}, {"threads", node.threads}, {"heard", node.heard}});
  }
  for (const CellSnapshot& cell : snapshot.cells) json["cells"].push_back(cell_json(cell));
  for (const ChannelSnapshot& channel : snapshot.channels) json["channels"].push_back(channel_json(channel));
  return json_text(json);
}

Result<JobSnapshot> parse_snapshot(std::string_view text) {
  try {
    return snapshot_of(Json::parse(text));
  } catch (const std::exception& wrong) {
    return corrupt(std::string("the snapshot of a job cannot be read: ") + wrong.what());
  }
}

Result<JobSnapshot> parse_snapshot_answer(std::string_view text) {
  try {
    return snapshot_of(Json::parse(text).at("snapshot"));
  } catch (const std::exception& wrong) {
    return corrupt(std::string("the answer has no snapshot of a job: ") + wrong.what());
  }
}

}  // namespace leat::inspect
