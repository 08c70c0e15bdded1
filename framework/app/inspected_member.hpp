/// Nodes and coordinators as their sockets show them.
#pragma once

#include <leat/app/inspected.hpp>
#include <leat/app/verbs.hpp>
#include <leat/cluster/cluster.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <string>

namespace leat {

/// A node called `name`, whose state is one of kJobStates. It and the coordinator outlive what is made.
InspectedProcess inspected_node(const VerbCall& call, const std::string& name, std::function<std::string()> state,
                                const ClusterNode& node);
InspectedProcess inspected_coordinator(const VerbCall& call, std::function<std::string()> state,
                                       const Coordinator& coordinator);

/// As Coordinator::Options::answer: it has lines of its log to tell of a job, and nothing else.
std::function<std::string(const std::string& question)> logs_of_coordinator(std::shared_ptr<const LogLines> lines);

/// Lets the process be asked on a socket; where it cannot be, says so to the log. Null then.
std::unique_ptr<Inspected> inspect_process(std::shared_ptr<Answers> answers, const Log& log);

/// What a node's coordinator asks it, before the node knows how to answer, and after. Threads: any.
class ClusterAnswers {
 public:
  void begin(std::shared_ptr<Answers> answers);
  /// Questions and answers as lines of framework/inspect.
  std::string answer(const std::string& question);

 private:
  std::mutex mutex_;
  std::shared_ptr<Answers> answers_;
};

}  // namespace leat
