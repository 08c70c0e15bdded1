#include <leat/cluster/pending_answers.hpp>

namespace leat {

Result<void> PendingAnswers::ask(PeerId asker, const control::Ask& question, const std::vector<Member>& nodes,
                                 Instant now, std::vector<Sent>& out, const std::string& own) {
  std::erase_if(asked_, [&](const auto& entry) { return entry.second.asker == asker; });
  const std::string most = std::to_string(kMost);
  if (asked_.size() >= kMost) return overloaded(most + " others ask the nodes of this cluster: ask again");
  std::uint64_t number = ++last_;
  Asked& asked = asked_[number];
  asked.asker = asker;
  asked.since = now;
  if (!own.empty()) asked.answers.answers.push_back({"", true, own});
  for (const Member& node : nodes) {
    asked.answers.answers.push_back({node.joined.node.name, false, ""});
    if (now - node.heard > kWithin) continue;
    asked.awaited[node.peer] = asked.answers.answers.size() - 1;
    out.push_back({node.peer, control::Ask{question.job, number, question.question}});
  }
  say_complete(out);
  return {};
}

void PendingAnswers::told(PeerId node, const control::Told& told, std::vector<Sent>& out) {
  auto asked = asked_.find(told.number);
  if (asked == asked_.end()) return;
  auto at = asked->second.awaited.find(node);
  if (at == asked->second.awaited.end()) return;
  NodeAnswer& answer = asked->second.answers.answers[at->second];
  answer.heard = true;
  answer.answer = told.answer;
  asked->second.awaited.erase(at);
  say_complete(out);
}

void PendingAnswers::gone(PeerId peer, std::vector<Sent>& out) {
  std::erase_if(asked_, [&](const auto& entry) { return entry.second.asker == peer; });
  for (auto& [number, asked] : asked_) asked.awaited.erase(peer);
  say_complete(out);
}

void PendingAnswers::tick(Instant now, std::vector<Sent>& out) {
  for (auto& [number, asked] : asked_) {
    if (now - asked.since > kWithin) asked.awaited.clear();
  }
  say_complete(out);
}

void PendingAnswers::say_complete(std::vector<Sent>& out) {
  std::erase_if(asked_, [&](auto& entry) {
    if (!entry.second.awaited.empty()) return false;
    out.push_back({entry.second.asker, std::move(entry.second.answers)});
    return true;
  });
}

}  // namespace leat
