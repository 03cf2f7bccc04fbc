#include "tests/emulator/storage/item_fixture.hpp"

#include <catch2/catch.hpp>

using namespace orc::emulator;

namespace {

items_query query_for(items_format format) {
  auto result = items_query{};
  result.format = format;
  result.bom = false;
  return result;
}

} // namespace

TEST_CASE("CSV has a mark, a header and a line an item") {
  const auto f = item_fixture{R"([{"a":1,"b":"x"},{"b":null,"c":true}])"};
  auto query = query_for(items_format::csv);

  CHECK(f.page(query) == "a,b,c\n1,x,\n,,true\n");
  query.bom.reset();
  CHECK(f.page(query)
        == "\xEF\xBB\xBF"
           "a,b,c\n1,x,\n,,true\n");
  query.skip_header_row = true;
  query.bom = false;
  CHECK(f.page(query) == "1,x,\n,,true\n");
}

TEST_CASE("CSV quotes what needs it") {
  const auto f = item_fixture{R"([{"a":"x,y","b":"say \"hi\"","c":"1\n2"}])"};
  auto query = query_for(items_format::csv);

  CHECK(f.page(query) == "a,b,c\n\"x,y\",\"say \"\"hi\"\"\",\"1\n2\"\n");
  query.delimiter = ";";
  CHECK(f.page(query) == "a;b;c\nx,y;\"say \"\"hi\"\"\";\"1\n2\"\n");
}

TEST_CASE("CSV makes columns of nested fields") {
  const auto f
    = item_fixture{R"([{"a":{"b":1,"c":[2,{"d":3}]},"e":[],"f":{}}])"};

  CHECK(f.page(query_for(items_format::csv))
        == "a/b,a/c/0,a/c/1/d,e,f\n1,2,3,,\n");
}

TEST_CASE("CSV keeps the order of fields, even of those nobody has") {
  const auto f = item_fixture{R"([{"a":1,"b":{"x":2,"y":3},"c":4}])"};
  auto query = query_for(items_format::csv);
  query.fields = {"c", "none", "b", "a"};

  CHECK(f.page(query) == "c,none,b/x,b/y,a\n4,,2,3,1\n");
  query.output_fields = {"C", "N", "B", "A"};
  CHECK(f.page(query) == "C,N,B/x,B/y,A\n4,,2,3,1\n");
}

TEST_CASE("CSV of nothing is nothing") {
  CHECK(item_fixture{"[]"}.page(query_for(items_format::csv)).empty());
}

TEST_CASE("HTML is a table of the same columns") {
  const auto f = item_fixture{R"([{"a":"<b>","c":1}])"};

  CHECK(f.page(query_for(items_format::html))
        == "<table><tr><th>a</th><th>c</th></tr><tr><td>&lt;b&gt;</td>"
           "<td>1</td></tr></table>");
}

TEST_CASE("XML repeats elements for arrays and knows attributes") {
  const auto f = item_fixture{
    R"([{"name":"P & N","address":[{"@":{"type":"home"},"street":null},)"
    R"({"@":{"type":"office"},"#":"unknown"}],"9 x":1}])"};
  auto query = query_for(items_format::xml);

  CHECK(f.page(query)
        == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<items><item>"
           "<name>P &amp; N</name><address type=\"home\"><street/></address>"
           "<address type=\"office\">unknown</address><_9_x>1</_9_x></item>"
           "</items>");
  query.xml_root = "all";
  query.xml_row = "one";
  CHECK(f.page(query).find("<all><one><name>") != std::string::npos);
}

TEST_CASE("RSS wraps items in a channel with a title") {
  const auto f = item_fixture{R"([{"foo":"bar"}])"};
  auto query = query_for(items_format::rss);
  query.feed_title = "News";

  const auto text = f.page(query);

  CHECK(text.find("<channel><title>News</title>") != std::string::npos);
  CHECK(text.find("<item><foo>bar</foo></item></channel></rss>")
        != std::string::npos);
}

TEST_CASE("CSV has no column for what is unwound or flattened") {
  const auto f = item_fixture{R"([{"u":1,"r":[{"x":2}],"o":{"p":{"q":3}}}])"};
  auto query = query_for(items_format::csv);
  query.fields = {"r", "o", "u"};
  query.unwind = {"r"};
  query.flatten = {"o"};

  CHECK(f.page(query) == "o.p.q,u,x\n3,1,2\n");
}

TEST_CASE("XLSX is a workbook with numbers and text") {
  const auto f = item_fixture{R"([{"a":1.5,"b":"<x>"},{"b":"12 "}])"};

  const auto text = f.page(query_for(items_format::xlsx));

  CHECK(text.substr(0, 4) == "PK\3\4");
  CHECK(text.find("<v>1.5</v>") != std::string::npos);
  CHECK(text.find(">&lt;x&gt;</t>") != std::string::npos);
  CHECK(text.find(">12 </t>") != std::string::npos);
}
