"""The learned attributor at run time: ONNX encoder, numpy decoding."""
