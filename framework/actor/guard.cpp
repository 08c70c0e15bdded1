#include <leat/actor/guard.hpp>

#include <exception>
#include <new>

namespace leat {

Error error_of_exception() {
  try {
    throw;
  } catch (const ThrownError& error) {
    return error.error();
  } catch (const std::bad_alloc&) {
    return {ErrorKind::overloaded, "the system has no more memory: allow the run less of it, or use fewer threads or less credit", true};
  } catch (const std::exception& error) {
    return {ErrorKind::failed, std::string("threw an exception: ") + error.what(), true};
  } catch (...) {
    return {ErrorKind::failed, "threw something that is not a std::exception", true};
  }
}

std::string replica_name(std::string_view stage, std::size_t replica, std::size_t replicas) {
  std::string name = "stage " + std::string(stage);
  if (replicas <= 1) return name;
  return name + ", replica " + std::to_string(replica) + " of " + std::to_string(replicas);
}

}  // namespace leat
