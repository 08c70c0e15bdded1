#include <leat/cluster/transport.hpp>

namespace leat {

Transport caf_transport() { return {listen_control, connect_control}; }

Result<std::unique_ptr<Coordinator>> Coordinator::open(Options options) {
  return open_coordinator(std::move(options), caf_transport());
}

Result<std::unique_ptr<ClusterNode>> ClusterNode::open(NodeOptions options) {
  return open_node(std::move(options), caf_transport());
}

Result<Report> run_on_cluster(std::size_t program, const Args& args, SubmitOptions options) {
  return run_on_cluster(program, args, std::move(options), caf_transport());
}

Result<ClusterStatus> cluster_status(const SubmitOptions& options) {
  return cluster_status(options, caf_transport());
}

Result<void> cancel_job(const SubmitOptions& options, std::uint64_t job, std::chrono::milliseconds within) {
  return cancel_job(options, job, within, caf_transport());
}

Result<void> drain_job(const SubmitOptions& options, std::uint64_t job) {
  return drain_job(options, job, caf_transport());
}

Result<std::unique_ptr<NodeQuestions>> NodeQuestions::open(const SubmitOptions& options) {
  return open_questions(options, caf_transport());
}

Result<void> drain_node(const SubmitOptions& options, const std::string& node) {
  return drain_node(options, node, caf_transport());
}

}  // namespace leat
