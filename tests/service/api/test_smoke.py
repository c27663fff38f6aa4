from tests.service.api.caller import POST


async def test_x(everyone, stranger):
    r = await everyone.post("/v1/posts", json=POST)
    print(r.status_code, r.text)
    r = await everyone.post("/v1/posts", json={"posts": [POST, {"a": 1}]})
    print(r.status_code, r.text)
    r = await everyone.get("/v1/posts?q=酸奶")
    print(r.status_code, r.text, r.headers)
    r = await everyone.get("/v1/incidents?state=new&state=closed")
    print(r.status_code, r.text)
    r = await everyone.get("/v1/incidents?state=nope")
    print(r.status_code, r.text)
    r = await everyone.get("/v1/incidents/queue")
    print(r.status_code, r.text)
    r = await stranger.get("/v1/incidents/queue")
    print(r.status_code, r.text, r.headers)
    for p in ("/healthz", "/readyz", "/metrics", "/nope"):
        r = await stranger.get(p)
        print(r.status_code, r.text[:200])
    r = await everyone.post(
        "/v1/posts", content=b"{" * 10, headers={"content-type": "application/json"}
    )
    print(r.status_code, r.text)
    r = await everyone.patch("/v1/posts")
    print(r.status_code, r.text, r.headers)
