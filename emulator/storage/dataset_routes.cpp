#include "emulator/storage/collection_routes.hpp"
#include "emulator/storage/item_page.hpp"
#include "emulator/storage/routes.hpp"

namespace orc::emulator {

namespace {

constexpr auto paths = collection_paths{
  "/v2/datasets", "/v2/datasets/{datasetId}", "datasetId", "Dataset"};

/// A page that is larger is sent in pieces of this size.
constexpr auto piece_bytes = std::size_t{1} << 20;

http::fields page_headers(const item_page& page, std::uint64_t total) {
  const auto& query = page.query();
  auto result = http::fields{
    {"Content-Type", std::string{content_type_of(query.format)}},
    {"X-Apify-Pagination-Total", std::to_string(total)},
    {"X-Apify-Pagination-Offset", std::to_string(query.offset)},
    {"X-Apify-Pagination-Limit", std::to_string(query.limit)},
    {"X-Apify-Pagination-Count", std::to_string(page.count())},
    {"X-Apify-Pagination-Desc", query.desc ? "true" : "false"},
  };
  return result;
}

/// Sends what is left of a page: the next piece once the last is written.
void send_rest(const context_ptr& ctx, const std::shared_ptr<item_page>& page,
               std::string piece, bool more) {
  if (!more) {
    ctx->exchange().write(std::move(piece));
    return ctx->exchange().finish();
  }
  ctx->exchange().write(std::move(piece), [ctx, page](bool ok) {
    if (!ok)
      return;
    auto next = std::string{};
    const auto left = page->next(next, piece_bytes);
    send_rest(ctx, page, std::move(next), left);
  });
}

void send_page(const context_ptr& ctx, const std::shared_ptr<item_page>& page,
               http::fields headers) {
  auto piece = std::string{};
  if (ctx->method() == "HEAD")
    return ctx->reply({200, std::move(headers), {}});
  if (!page->next(piece, piece_bytes))
    return ctx->reply({200, std::move(headers), std::move(piece)});
  if (ctx->start({200, std::move(headers), {}}))
    send_rest(ctx, page, std::move(piece), true);
}

void get_items(storage& data, const context_ptr& ctx) {
  const auto from
    = find_storage(*ctx, data.datasets(), paths, permission::read);
  const auto page = std::make_shared<item_page>(from, read_items_query(*ctx));
  from->count_read(page->count());
  auto headers
    = page_headers(*page, from->lagging_count(data.item_count_lag()));
  if (page->query().attachment)
    headers.set("Content-Disposition",
                "attachment; filename=\"" + from->info().id + '.'
                  + std::string{extension_of(page->query().format)} + '"');
  send_page(ctx, page, std::move(headers));
}

void push_items(storage& data, context& ctx) {
  const auto to = find_storage(ctx, data.datasets(), paths, permission::write);
  data.push(*to, parse_items(ctx.request().body));
  const auto path = "/v2/datasets/" + to->info().id + "/items";
  ctx.reply_json("{}", 201, {{"Location", url_of(ctx, path)}});
}

void get_statistics(storage& data, context& ctx) {
  find_storage(ctx, data.datasets(), paths, permission::read);
  // Kept only for datasets with a schema of fields, which none has here.
  ctx.reply_data(R"({"fieldStatistics":null})");
}

} // namespace

void register_dataset_routes(router& routes, storage& data) {
  using collection = collection_routes<dataset>;
  collection::add(routes, std::make_shared<collection>(
                            data.datasets(), paths,
                            [&data](json_writer& out, const dataset& x) {
                              x.write(out, data.item_count_lag());
                            }));
  routes.add("GET", "/v2/datasets/{datasetId}/items",
             [&data](const context_ptr& ctx) { get_items(data, ctx); },
             {access::open, 60});
  routes.add("POST", "/v2/datasets/{datasetId}/items",
             [&data](const context_ptr& ctx) { push_items(data, *ctx); },
             {access::token, 400});
  routes.add("GET", "/v2/datasets/{datasetId}/statistics",
             [&data](const context_ptr& ctx) { get_statistics(data, *ctx); });
}

} // namespace orc::emulator
