/** The request that the page makes, for a shell and for Python. */

/** One string of a shell: a single quote ends the quoting, stands by itself, and begins it again. */
export function curl(origin: string, network: string): string {
  const body = JSON.stringify({ network: JSON.parse(network), values: "all" }, null, 1).replaceAll("'", "'\\''");
  return `curl -s ${origin}/api/v1/forward -H 'Content-Type: application/json' -d '${body}'\n`;
}

/** Python's standard library alone; the document is JSON in a raw string, which nothing in it can end. */
export function python(origin: string, network: string): string {
  const document = JSON.stringify(JSON.parse(network), null, 1).replace(/'/g, "\\u0027");
  return `import json
from urllib.request import Request, urlopen

network = json.loads(r'''
${document}
''')
request = Request(
    "${origin}/api/v1/forward",
    json.dumps({"network": network, "values": "all"}).encode(),
    {"Content-Type": "application/json"},
)
with urlopen(request) as response:
    answer = json.load(response)
for name, node in answer["nodes"].items():
    for port, tensor in node["outputs"].items():
        print(name, port, tensor["shape"], tensor["dtype"])
`;
}
