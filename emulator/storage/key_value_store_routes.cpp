#include "emulator/storage/collection_routes.hpp"
#include "emulator/storage/routes.hpp"
#include "emulator/storage/zip_writer.hpp"

namespace orc::emulator {

namespace {

constexpr auto paths
  = collection_paths{"/v2/key-value-stores", "/v2/key-value-stores/{storeId}",
                     "storeId", "Key-value Store"};

using store_ptr = std::shared_ptr<key_value_store>;

store_ptr find_store(storage& data, const context& ctx, permission wanted) {
  return find_storage(ctx, data.stores(), paths, wanted);
}

/// Collections come from a schema, which no store has here.
void refuse_collection(const context& ctx) {
  if (ctx.query().contains("collection"))
    throw api_error{400, "invalid-collection",
                    "The key-value store has no schema, hence no collection \""
                      + ctx.text("collection") + "\"."};
}

void write_keys(json_writer& out, const context& ctx, const std::string& id,
                const key_page& page) {
  const auto records = url_of(ctx, "/v2/key-value-stores/" + id + "/records/");
  out.key("items").array();
  for (const auto& [key, size] : page.keys_and_sizes)
    out.object()
      .member("key", key)
      .member("size", size)
      .member("recordPublicUrl", records + http::percent_encode(key))
      .end_object();
  out.end_array().member("count", page.keys_and_sizes.size());
}

void list_keys(storage& data, context& ctx) {
  const auto store = find_store(data, ctx, permission::read);
  refuse_collection(ctx);
  const auto query
    = key_query{read_limit(ctx, 1000, 1000), ctx.text("exclusiveStartKey"),
                ctx.text("prefix")};
  const auto page = store->keys(query);
  auto out = json_writer{};
  out.object();
  write_keys(out, ctx, store->info().id, page);
  out.member("limit", query.limit);
  if (!query.exclusive_start_key.empty())
    out.member("exclusiveStartKey", query.exclusive_start_key);
  out.member("isTruncated", page.is_truncated).key("nextExclusiveStartKey");
  if (page.is_truncated)
    out.value(page.keys_and_sizes.back().first);
  else
    out.null();
  ctx.reply_data(out.end_object().str());
}

void get_record(storage& data, context& ctx) {
  const auto store = find_store(data, ctx, permission::read);
  const auto key = ctx.param("recordKey");
  const auto* record = store->find(key);
  if (record == nullptr)
    throw api_error{404, "record-not-found",
                    "Record was not found (key: \"" + std::string{key} + "\")"};
  store->count_read();
  auto headers = http::fields{{"Content-Type", record->content_type}};
  if (ctx.flag("attachment"))
    headers.set("Content-Disposition", "attachment");
  ctx.reply({200, std::move(headers), record->body});
}

void put_record(storage& data, context& ctx) {
  const auto store = find_store(data, ctx, permission::write);
  const auto key = std::string{ctx.param("recordKey")};
  check_record_key(key);
  auto type = std::string{ctx.request().headers.get("content-type")};
  if (type.empty())
    type = "application/octet-stream";
  data.put(*store, key, {std::move(type), ctx.take_body()});
  const auto path = "/v2/key-value-stores/" + store->info().id + "/records/"
                    + http::percent_encode(key);
  ctx.reply_json("{}", 201, {{"Location", url_of(ctx, path)}});
}

void delete_record(storage& data, context& ctx) {
  const auto store = find_store(data, ctx, permission::write);
  const auto key = ctx.param("recordKey");
  check_record_key(key);
  data.remove(*store, key);
  ctx.reply_empty();
}

void get_all_records(storage& data, context& ctx) {
  const auto store = find_store(data, ctx, permission::read);
  refuse_collection(ctx);
  const auto prefix = ctx.text("prefix");
  auto zip = zip_writer{};
  for (const auto& [key, record] : store->records())
    if (key.compare(0, prefix.size(), prefix) == 0)
      zip.add(key, record.body);
  ctx.reply({200,
             {{"Content-Type", "application/zip"},
              {"Content-Disposition",
               "attachment; filename=\"" + store->info().id + ".zip\""}},
             zip.take()});
}

} // namespace

void register_key_value_store_routes(router& routes, storage& data) {
  using collection = collection_routes<key_value_store>;
  collection::add(routes, std::make_shared<collection>(
                            data.stores(), paths,
                            [](json_writer& out, const key_value_store& x) {
                              x.write(out);
                            }));
  const auto bind = [&data](void (*verb)(storage&, context&)) {
    return [&data, verb](const context_ptr& ctx) { verb(data, *ctx); };
  };
  constexpr auto record = "/v2/key-value-stores/{storeId}/records/{recordKey}";
  routes.add("GET", "/v2/key-value-stores/{storeId}/keys", bind(list_keys),
             {access::open, 60});
  routes.add("GET", "/v2/key-value-stores/{storeId}/records",
             bind(get_all_records), {access::open, 60});
  routes.add("GET", record, bind(get_record), {access::open, 200});
  routes.add("PUT", record, bind(put_record), {access::token, 200});
  routes.add("POST", record, bind(put_record), {access::token, 200});
  routes.add("DELETE", record, bind(delete_record), {access::token, 200});
}

} // namespace orc::emulator
