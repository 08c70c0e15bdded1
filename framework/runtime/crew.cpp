#include <leat/runtime/crew.hpp>

#include <string>

namespace leat {

Error no_threads(std::size_t threads, const std::system_error& error) {
  return overloaded("the system gives this process no " + (threads == 1 ? "thread" : std::to_string(threads) + " threads") +
                    " more (" + error.code().message() + "): use fewer threads or fewer replicas of stages that block, or raise the limit of processes");
}

}  // namespace leat
