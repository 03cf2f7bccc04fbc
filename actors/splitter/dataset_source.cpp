#include "actors/splitter/dataset_source.hpp"

#include <utility>

namespace orc {

dataset_source_state::dataset_source_state(item_source_actor::pointer self)
  : self_{self} {
  // nop
}

item_source_actor::behavior_type
dataset_source_state::make_behavior(apify_api_actor api,
                                    std::string dataset_id) {
  api_ = std::move(api);
  dataset_id_ = std::move(dataset_id);
  return {[this](const read_source& x) { return read(x.position); }};
}

caf::result<source_piece> dataset_source_state::read(std::uint64_t position) {
  get_items question;
  question.dataset_id = dataset_id_;
  question.offset = position;
  question.limit = pages_.items();
  auto promise = self_->make_response_promise<source_piece>();
  // The APIFY API answers in time by itself. A time-out here would keep this
  // actor for as long, though nobody has it any more.
  self_->request(api_, caf::infinite, question)
    .then(
      [this, promise, position, limit = question.limit](items_page& x) mutable {
        pages_.learn(x.count, x.body.view().size());
        auto text = std::move(x.body);
        // The last line of a page need not end with a line break.
        if (!text.empty() && text.view().back() != '\n')
          text = json_text{std::string{text.view()} + "\n"};
        promise.deliver(
          source_piece{std::move(text), position + x.count, x.count < limit});
      },
      [promise](caf::error& err) mutable { promise.deliver(std::move(err)); });
  return promise;
}

item_source_actor::behavior_type
dataset_source(item_source_actor::stateful_pointer<dataset_source_state> self,
               apify_api_actor api, std::string dataset_id) {
  return self->state.make_behavior(std::move(api), std::move(dataset_id));
}

} // namespace orc
