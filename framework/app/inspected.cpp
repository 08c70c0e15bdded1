#include <leat/app/inspected.hpp>

#include <leat/inspect/question.hpp>

namespace leat {

Result<std::unique_ptr<Inspected>> Inspected::open(std::shared_ptr<Answers> answers) {
  std::unique_ptr<Inspected> inspected(new Inspected());
  auto opened = inspect::InspectServer::open(inspect::jobs_folder(), [answers](const inspect::Question& question) {
    return answers->answer(question);
  });
  if (!opened) return std::move(opened).error();
  inspected->server_ = std::move(*opened);
  return inspected;
}

}  // namespace leat
