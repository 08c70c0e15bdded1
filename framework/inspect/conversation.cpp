#include <leat/inspect/conversation.hpp>

#include <leat/actor/guard.hpp>

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace leat::inspect {

short Conversation::events() const { return out_.empty() ? POLLIN : POLLOUT; }

Conversation::Clock::time_point Conversation::until() const {
  bool quiet = in_.empty() && out_.empty();
  return since_ + (quiet ? Clock::duration(InspectServer::kQuiet) : Clock::duration(InspectServer::kPatience));
}

bool Conversation::go_on(const InspectServer::Answer& answer, Clock::time_point now) {
  // A question that comes byte by byte, and an answer that is taken so, have the time of one.
  bool quiet = in_.empty() && out_.empty();
  bool good = out_.empty() ? read() : write();
  if (quiet || (in_.empty() && out_.empty())) since_ = now;
  while (good && out_.empty() && !last_ && in_.find('\n') != in_.npos) {
    take_line(answer);
    good = write();
    since_ = now;
  }
  return good && !(last_ && out_.empty());
}

void Conversation::refuse(const Error& why) {
  out_ = error_answer(why) + "\n";
  last_ = true;
  write();
}

bool Conversation::read() {
  char some[16 << 10];
  auto got = ::recv(socket_.get(), some, sizeof some, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  in_.append(some, static_cast<std::size_t>(got));
  if (in_.size() > kMostQuestion && in_.find('\n') == in_.npos) {
    refuse(invalid("the question is longer than " + std::to_string(kMostQuestion) + " bytes"));
  }
  return true;
}

bool Conversation::write() {
  while (written_ < out_.size()) {
    auto put = ::send(socket_.get(), out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno == EAGAIN;
    written_ += static_cast<std::size_t>(put);
  }
  out_.clear();
  written_ = 0;
  return true;
}

void Conversation::take_line(const InspectServer::Answer& answer) {
  auto end = in_.find('\n');
  auto question = parse_question(std::string_view(in_).substr(0, end));
  in_.erase(0, end + 1);
  last_ = !question;
  auto given = question ? guarded([&] { return answer(*question); }) : Result<std::string>(question.error());
  if (given && given->size() >= kMostAnswer) given = overloaded("the answer is longer than " + std::to_string(kMostAnswer) + " bytes");
  out_ = (given ? *given : error_answer(given.error())) + "\n";
}

}  // namespace leat::inspect
