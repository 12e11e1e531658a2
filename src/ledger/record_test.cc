#include "ledger/record.h"

#include <gtest/gtest.h>

#include "ledger/encoding.h"

namespace sshkeep::ledger {
namespace {

Record sample() {
    Record record{.sequence = 258, .kind = Kind::outcome, .time = 1'795'341'544'000'000'001, .monotonic = 77};
    record.boot.fill(0xB0);
    record.actor = {
        .login_uid = 1000, .uid = 0, .user = "alice", .key = "SHA256:abc", .pid = 4711, .process = "sshkeep"};
    record.host = "web1";
    record.request.fill(0x1D);
    record.refers_to = 257;
    record.action = "config.apply";
    record.target = "/etc/ssh/sshd_config";
    record.after = sha256("new");
    record.status = Status::succeeded;
    record.detail = "3 options";
    record.program = "sshkeep 0.1.0";
    return record;
}

TEST(Record, ComesBackAsItWas) {
    const auto bytes = encode_record(sample());
    ASSERT_TRUE(bytes);
    EXPECT_EQ(decode_record(*bytes), sample());
    EXPECT_EQ(peek_sequence(*bytes), 258U);
    EXPECT_EQ(decode_record(*encode_record(Record{})), Record{});
}

/// docs/formats/ledger.md shows these bytes; a change of them is a new schema.
TEST(Record, HasTheDocumentedBytes) {
    Record record{.sequence = 1, .time = 2, .monotonic = 3, .host = "h", .action = "a", .target = "t", .program = "p"};
    EXPECT_EQ(to_hex(*encode_record(record)),
              "0001"              // schema
              "01"                // kind: intent
              "00"                // status: none
              "0000000000000001"  // sequence
              "0000000000000002"  // time
              "00000000000000000000000000000000"
              "0000000000000003"  // monotonic
              "ffffffff"          // login uid: none
              "00000000"          // uid
              "0000"              // user
              "0000"              // key
              "00000000"          // pid
              "0000"              // process
              "000168"            // host
              "00000000000000000000000000000000"
              "ffffffffffffffff"  // refers to: nothing
              "000161"            // action
              "000174"            // target
              "00"                // before
              "00"                // after
              "0000"              // detail
              "00"                // payload
              "000170");          // program
}

TEST(Record, EveryPrefixAndEveryExtensionIsRefused) {
    const auto bytes = *encode_record(sample());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(decode_record(std::string_view(bytes).substr(0, length))) << length;
    }
    EXPECT_FALSE(decode_record(bytes + '\0'));
}

TEST(Record, WhatIsDecodedEncodesToTheSameBytes) {
    const auto bytes = *encode_record(sample());
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const int bit : {0, 3, 7}) {
            auto bent = bytes;
            bent[at] = static_cast<char>(bent[at] ^ (1 << bit));
            if (const auto record = decode_record(bent)) {
                EXPECT_EQ(encode_record(*record), bent) << at;
            }
        }
    }
}

TEST(Record, LongTextsAreRefusedNotCut) {
    auto record = sample();
    record.detail = std::string(max_text, 'x');
    EXPECT_TRUE(encode_record(record));
    record.detail += 'x';
    ASSERT_FALSE(encode_record(record));
    EXPECT_EQ(encode_record(record).error().code, ErrorCode::too_large);
}

TEST(Record, ThePayloadsSaltMatters) {
    Payload payload{.bytes = "alice@example.org"};
    const auto plain = payload_hash(payload);
    payload.salt[31] = 1;
    EXPECT_NE(payload_hash(payload), plain);
}

TEST(Encoding, Base64HasOneSpelling) {
    for (const std::string bytes : {"", "f", "fo", "foo", "\xFF\xFE\xFD\xFC"}) {
        EXPECT_EQ(parse_base64(to_base64(bytes)), bytes);
    }
    for (const auto* bad : {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", "====", "A===", "Z===", "Zm9v="}) {
        EXPECT_FALSE(parse_base64(bad)) << bad;
    }
}

TEST(Encoding, TimesAreUtcWithNanoseconds) {
    EXPECT_EQ(render_time(0), "1970-01-01T00:00:00.000000000Z");
    EXPECT_EQ(render_time(-1), "1969-12-31T23:59:59.999999999Z");
    EXPECT_EQ(render_time(1'795'341'544'000'000'001), "2026-11-22T09:59:04.000000001Z");
    EXPECT_EQ(render_time(951'782'400'000'000'000), "2000-02-29T00:00:00.000000000Z");
    EXPECT_EQ(parse_time("2026-11-22T09:59:04Z"), 1'795'341'544'000'000'000);
    EXPECT_EQ(parse_time("2026-11-22"), 1'795'305'600'000'000'000);
    EXPECT_EQ(parse_time("2026-11-22T09:59"), 1'795'341'540'000'000'000);
    for (const auto* bad : {"", "2026", "2026-13-01", "2026-02-30", "2026-11-22 09:59", "2026-11-22T24:00",
                            "0001-01-01", "2026-11-22T09:59:61"}) {
        EXPECT_FALSE(parse_time(bad)) << bad;
    }
}

}  // namespace
}  // namespace sshkeep::ledger
