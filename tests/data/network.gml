Creator "made up"
graph
[
  directed 0
  node
  [
    id 0
    name "Sid'Hamed &amp; Sons"
  ]
  node
  [
    id 1
    label "Old Port"
  ]
  node
  [
    name "nobody"
  ]
  edge
  [
    source 0
    target 1
    layer "trust"
  ]
  edge
  [
    source 1
    target 0
  ]
]
