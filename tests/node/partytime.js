// Reads an RSS feed from standard input as a podcast app would, and prints what it understood.
const { parseFeed } = require("podcast-partytime");

let xml = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => (xml += chunk));
process.stdin.on("end", () => {
  const feed = parseFeed(xml, { allowMissingGuid: false });
  process.stdout.write(JSON.stringify(feed));
});
